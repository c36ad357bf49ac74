import { readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'

/** The version of the @dcloudio/uni-push that a file belongs to; `(unknown version)` where that can't be told. */
export function pushVersion(file: string): string {
  for (
    let folder = dirname(file), parent = dirname(folder);
    folder !== parent;
    folder = parent, parent = dirname(folder)
  ) {
    const manifest = readManifest(join(folder, 'package.json'))
    if (manifest?.name === '@dcloudio/uni-push') return manifest.version ?? UNKNOWN
  }
  return UNKNOWN
}

const UNKNOWN = '(unknown version)'

function readManifest(path: string): { name?: string; version?: string } | undefined {
  try {
    return JSON.parse(readFileSync(path, 'utf8')) as { name?: string; version?: string }
  } catch {
    return undefined
  }
}
