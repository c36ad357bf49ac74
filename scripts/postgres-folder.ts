import { existsSync, readdirSync } from 'node:fs'

const DEBIAN = '/usr/lib/postgresql'

/** Where `initdb` and `postgres` are: on PATH, or where Debian puts them, its newest version. Undefined for nowhere. */
export function postgresFolder(): string | undefined {
  const versions = existsSync(DEBIAN) ? readdirSync(DEBIAN) : []
  const newestFirst = versions
    .sort((a, b) => Number(b) - Number(a))
    .map((version) => `${DEBIAN}/${version}/bin`)
  return [...(process.env.PATH ?? '').split(':'), ...newestFirst].find(
    (folder) => existsSync(`${folder}/initdb`) && existsSync(`${folder}/postgres`),
  )
}
