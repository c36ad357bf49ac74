import { existsSync, readFileSync } from 'node:fs'
import { join, posix } from 'node:path'

/** A mini-program style sheet as CSS a browser understands: imports inlined, `rpx` as 1/750 of the width, `page` as a class. */
export function readStyle(folder: string, path: string, seen = new Set<string>()): string {
  const file = join(folder, path)
  if (seen.has(path) || !existsSync(file)) return ''
  seen.add(path)
  return readFileSync(file, 'utf8')
    .replace(/@import\s+["']([^"']+)["']\s*;?/g, (_, target: string) => {
      const next = target.startsWith('/') ? target.slice(1) : posix.join(posix.dirname(path), target)
      return readStyle(folder, next, seen)
    })
    .replace(/(-?[\d.]+)rpx\b/g, (_, amount: string) => `calc(${amount} * 100vw / 750)`)
    .replace(/(^|[{},])(\s*)page(?=[\s{,.:>])/g, '$1$2.mp-page')
}
