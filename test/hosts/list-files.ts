import { readdirSync, statSync } from 'node:fs'
import { join } from 'node:path'

export interface FileInfo {
  path: string
  mtimeMs: number
  size: number
}

/** Every file at or below `path`, in a stable order; none if the path does not exist. */
export function listFiles(path: string): FileInfo[] {
  const info = statSync(path, { throwIfNoEntry: false })
  if (!info) return []
  if (info.isFile()) return [{ path, mtimeMs: info.mtimeMs, size: info.size }]
  return readdirSync(path)
    .sort()
    .flatMap((name) => listFiles(join(path, name)))
}
