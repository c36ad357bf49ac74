// Before npm run docs and docs:build: the H5 demo, with a server in the page, as part of the site.
import { resolve } from 'node:path'
import { serveInPage } from './docs-demo/serve-in-page.js'
import { runQuietly } from './run.js'

const folder = resolve('docs/public/demo')

console.log('Building the demo that the site shows …')
await runQuietly('node', ['scripts/uni.cjs', 'build', '--base', './'], { UNI_OUTPUT_DIR: folder })
await serveInPage(folder)
