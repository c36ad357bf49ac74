import { readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { brotliCompressSync, constants, gzipSync } from 'node:zlib'

/** Smaller files fit into one packet as they are. */
const MIN_BYTES = 1_024

/** Puts a `.gz` and a `.br` beside each text file of a built page, for a server that sends what the browser takes. */
export function compressFiles(folder: string): void {
  for (const name of readdirSync(folder, { recursive: true, encoding: 'utf8' })) {
    const path = join(folder, name)
    if (!/\.(js|css|html|svg|json)$/.test(name) || statSync(path).size < MIN_BYTES) continue
    const bytes = readFileSync(path)
    writeFileSync(`${path}.gz`, gzipSync(bytes))
    // The highest quality takes seconds, and gains some percent.
    writeFileSync(
      `${path}.br`,
      brotliCompressSync(bytes, { params: { [constants.BROTLI_PARAM_QUALITY]: 6 } }),
    )
  }
}
