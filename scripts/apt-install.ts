import { execFile } from 'node:child_process'

export interface Requirement {
  readonly debianPackage: string
  readonly isThere: () => boolean
  /** `some`: a few tests are left out without it, and say so. Default `all`. */
  readonly neededBy?: 'all' | 'some'
}

const namesOf = (needs: readonly Requirement[]) => needs.map(({ debianPackage }) => debianPackage)

/**
 * Installs all of them in one call. What only some tests need may stay away, and is told.
 * @throws {Error} in one sentence, where something that all tests need could not be installed
 */
export async function aptInstall(missing: readonly Requirement[], say = console.log): Promise<void> {
  if (missing.length === 0) return
  say(`Installing ${namesOf(missing).join(', ')} …`)
  // Where this fails there is no network, or an old list will do: the next call tells.
  await apt('update', '-qq')
  const failure = await install(missing)
  if (failure === undefined) return
  const forAll = missing.filter(({ neededBy }) => neededBy !== 'some')
  // apt takes all or nothing: what a few tests need must not keep the others from running.
  if (forAll.length > 0 && forAll.length < missing.length) await install(forAll)
  const absent = namesOf(forAll.filter(({ isThere }) => !isThere()))
  if (absent.length > 0)
    throw new Error(
      `The tests need ${absent.join(', ')}, which apt-get could not install (${failure}). Where there is a network: apt-get install -y ${absent.join(' ')}`,
    )
  const left = namesOf(missing.filter(({ isThere }) => !isThere()))
  if (left.length > 0) say(`Not installed: ${left.join(', ')}. Some tests will be left out (${failure}).`)
}

const install = (needs: readonly Requirement[]) =>
  apt('install', '-y', '-qq', '--no-install-recommends', ...namesOf(needs))

/** @returns what it said went wrong, in its last line; undefined where nothing did */
function apt(...args: readonly string[]): Promise<string | undefined> {
  const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' }
  return new Promise((resolve) => {
    execFile('apt-get', args, { env, maxBuffer: 64 * 1024 * 1024 }, (error, _out, said) => {
      if (!error) return resolve(undefined)
      const lines = said.split('\n').filter((line) => line.startsWith('E: '))
      resolve(lines.pop()?.slice(3) ?? error.message.split('\n')[0])
    })
  })
}
