import { readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import ts from 'typescript'

/** The files, and all they import by a relative path. */
export function reachable(paths: readonly string[]): Set<string> {
  const seen = new Set<string>()
  const visit = (path: string) => {
    if (seen.has(path)) return
    seen.add(path)
    const { importedFiles } = ts.preProcessFile(readFileSync(path, 'utf8'), true, true)
    for (const { fileName } of importedFiles)
      if (fileName.startsWith('.'))
        visit(join(dirname(path), path.endsWith('.d.ts') ? fileName.replace(/\.js$/, '.d.ts') : fileName))
  }
  paths.forEach(visit)
  return seen
}
