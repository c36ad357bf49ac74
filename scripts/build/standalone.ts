// Part of npm run build: what runs where only CommonJS does, each as one file. tsc has written the rest of lib/, or
// of the folder given.
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { build } from 'esbuild'

const folder = process.argv[2] ?? 'lib'
const common = { bundle: true, format: 'cjs', platform: 'node', logLevel: 'warning' } as const

// Cloud functions run on Node 12 and up, and can't always install dependencies.
await build({
  ...common,
  entryPoints: ['src/cloud/index.ts'],
  outfile: join(folder, 'cloud/index.cjs'),
  target: 'node12',
})

// vite-plugin-uni requires plugins of dependencies, and HBuilderX brings a Node that can't require ES modules.
await build({
  ...common,
  entryPoints: ['src/vite/index.ts'],
  outfile: join(folder, 'vite/plugin.cjs'),
  target: 'node16',
  external: ['vite'],
  define: { 'import.meta.url': 'moduleUrl' },
  // What is required is the plugin itself, for `require('uni-sse-channel/vite')()`.
  footer: {
    js: 'module.exports = Object.assign(module.exports.default, { default: module.exports.default })',
  },
  banner: { js: "const moduleUrl = require('node:url').pathToFileURL(__filename).href;" },
})
writeFileSync(
  join(folder, 'vite/plugin.d.cts'),
  `import type { Plugin } from 'vite'
interface Options {
  readonly leaveOut?: readonly ('fallbacks' | 'tools' | 'sentences' | 'html' | 'formulas' | 'entities')[]
}
declare function uniSSEChannel(options?: Options): Plugin[]
declare namespace uniSSEChannel {
  export { uniSSEChannel as default }
}
export = uniSSEChannel
`,
)
