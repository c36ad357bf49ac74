import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'

const folder = new URL('../components/streaming-text/', import.meta.url)

/** Each view script of WeChat, and where the same for Alipay stands. */
export const viewScripts = () =>
  ['fold', 'formula'].map((name) => ({
    source: readFileSync(new URL(`${name}.wxs`, folder), 'utf8'),
    sjs: fileURLToPath(new URL(`${name}.sjs`, folder)),
  }))

/** A view script in the words of Alipay. */
export function sjsOf(wxs: string): string {
  return `// From the .wxs file of this name: npx tsx scripts/view-scripts.ts\n${wxs.replace('module.exports =', 'export default')}`
}
