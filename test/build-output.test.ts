import { readFileSync } from 'node:fs'
import { basename, join, relative } from 'node:path'
import { transform } from 'esbuild'
import ts from 'typescript'
import { beforeAll, describe, expect, it } from 'vitest'
import { buildDemo, type BuildPlatform } from './hosts/build.js'
import { listFiles } from './hosts/list-files.js'

const KB = 1024

/** What a platform's output must contain, and how large all of it may be. WeChat's limit for a package is 2 MB. */
const platforms: { name: BuildPlatform; template?: string; maxBytes: number }[] = [
  { name: 'h5', maxBytes: 1_075 * KB },
  { name: 'mp-weixin', template: '.wxml', maxBytes: 505 * KB },
  { name: 'mp-toutiao', template: '.ttml', maxBytes: 520 * KB },
  // uni-app writes ES5 there, a good third more.
  { name: 'mp-alipay', template: '.axml', maxBytes: 755 * KB },
  // Most of it is uni-app's own view layer. With the languages whose code is coloured, as on H5.
  { name: 'app', maxBytes: 1_310 * KB },
  { name: 'app-harmony', maxBytes: 1_335 * KB },
]

/** Web names that no logic layer has: they may be asked for with `typeof`, and used where that was asked before. */
const WEB_NAMES = ['TextDecoder', 'TextEncoder', 'fetch', 'document', 'XMLHttpRequest', 'ReadableStream']

/** Files whose only importer asks for them. */
const ASKED_BY: Record<string, string> = {
  'src/platform/web-lifecycle.js': 'src/platform/platform-lifecycle.js',
}

/** uni-app's own files for the view layer, which is a browser. */
const isFramework = (path: string) => /^(__uniapp|uni-app-view|assets\/uni)/.test(path)

describe.each(platforms)('the build for $name', ({ name, template, maxBytes }) => {
  let folder: string
  let scripts: { path: string; text: string }[]

  beforeAll(async () => {
    folder = await buildDemo(name)
    scripts = listFiles(folder)
      .map(({ path }) => relative(folder, path))
      .filter((path) => path.endsWith('.js') && !isFramework(path))
      .map((path) => ({ path, text: readFileSync(join(folder, path), 'utf8') }))
  })

  it('contains the component and the library', () => {
    const files = listFiles(folder).map(({ path }) => relative(folder, path))
    if (template) expect(files).toContain(`components/streaming-text/streaming-text${template}`)
    const all = scripts.map(({ text }) => text).join('\n')
    expect(all).toContain('streaming-text')
    expect(all).toContain('last-event-id')
  })

  it('contains nothing of uniCloud, which would connect to its push service', () => {
    for (const { path, text } of scripts)
      expect({ path, found: /UNI_CLOUD|getui|massive-task|~unicloud/.exec(text)?.[0] }).toEqual({ path })
  })

  it('parses where ES2018 is all there is', async () => {
    for (const { path, text } of scripts) {
      // Whatever is newer would have to be rewritten, so the text would change.
      const asIs = await transform(text, { target: 'esnext', loader: 'js' })
      const older = await transform(text, { target: 'es2018', loader: 'js' })
      expect({ path, same: asIs.code === older.code }).toEqual({ path, same: true })
    }
  })

  it('has no lookbehind in a regular expression, at which older iPhones show nothing', () => {
    for (const { path, text } of scripts)
      expect({ path, found: /\(\?<[=!]/.test(text) }).toEqual({ path, found: false })
  })

  it(`is no larger than ${maxBytes / KB} KB`, () => {
    expect(listFiles(folder).reduce((sum, { size }) => sum + size, 0)).toBeLessThan(maxBytes)
  })

  it.skipIf(name === 'h5')('uses no web API that was not asked for with typeof', () => {
    for (const { path, text } of scripts) {
      const { used } = webNames(text)
      const { asked } = webNames(scripts.find((one) => one.path === (ASKED_BY[path] ?? path))?.text ?? '')
      expect({ path, unasked: used.filter((one) => !asked.includes(one)) }).toEqual({ path, unasked: [] })
    }
  })
})

describe('the build for app-harmony', () => {
  it('has the service code of App, byte for byte: what is proven of one is true of the other', async () => {
    const [app, harmony] = await Promise.all([buildDemo('app'), buildDemo('app-harmony')])
    const service = (folder: string) => readFileSync(join(folder, 'app-service.js'), 'utf8')
    expect(service(harmony)).toBe(service(app))
  })
})

/** Free uses of web names in a script, and those it asks for with `typeof`. */
function webNames(text: string): { asked: string[]; used: string[] } {
  const asked: string[] = []
  const used: string[] = []
  const visit = (node: ts.Node): void => {
    if (ts.isIdentifier(node) && WEB_NAMES.includes(node.text) && isFree(node))
      (ts.isTypeOfExpression(node.parent) ? asked : used).push(node.text)
    ts.forEachChild(node, visit)
  }
  visit(ts.createSourceFile(basename('script.js'), text, ts.ScriptTarget.ESNext, true))
  return { asked, used }
}

/** Not a property's name, as in `page.document`, `{ fetch: … }` or `const { document: page } = …`. */
function isFree(node: ts.Identifier): boolean {
  const { parent } = node
  if (ts.isPropertyAccessExpression(parent)) return parent.expression === node
  if (ts.isPropertyAssignment(parent)) return parent.initializer === node
  if (ts.isBindingElement(parent)) return parent.initializer === node
  return !ts.isMethodDeclaration(parent)
}
