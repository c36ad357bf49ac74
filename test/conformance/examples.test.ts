import { execFileSync } from 'node:child_process'
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, it } from 'vitest'
import { conformanceReport } from '../../src/conformance/conformance-report.js'
import { runConformance } from '../../src/conformance/run-conformance.js'
import { runExample, works, type Example } from './run-example.js'

// Debian's own first: another Python in front of it on PATH does not see Debian's packages.
const python = ['/usr/bin/python3', 'python3'].find((path) => works(path, '-c', 'import fastapi, uvicorn'))

const examples: readonly Example[] = [
  {
    name: 'python',
    lacking: python === undefined ? 'no Python here has fastapi and uvicorn' : undefined,
    command: () => [python ?? '', 'server.py'],
  },
  {
    name: 'go',
    lacking: works('go', 'version') ? undefined : 'go is not on PATH',
    command(_port, scratch) {
      const program = join(scratch, 'server')
      execFileSync('go', ['build', '-o', program, '.'], {
        cwd: 'examples/go',
        env: { ...process.env, GOTOOLCHAIN: 'local' },
      })
      return [program]
    },
  },
  {
    name: 'php',
    lacking: works('php', '--version') ? undefined : 'php is not on PATH',
    command: (port) => ['php', '-q', '-S', `127.0.0.1:${port}`, 'server.php'],
    env: { PHP_CLI_SERVER_WORKERS: '8' },
  },
  {
    name: 'java',
    lacking: works('javac', '--version') ? undefined : 'javac is not on PATH',
    command: () => ['java', 'Server.java'],
  },
]

describe.concurrent('the example in', () => {
  it.for(examples)('$name reaches the highest level', async (example, { skip, expect }) => {
    if (example.lacking !== undefined) skip(example.lacking)
    await runExample(example, async (url) => {
      const result = await runConformance({ url, body: '{"prompt":"How are you?"}' })
      expect(result.level, conformanceReport(result)).toBe('guarded')
    })
  })
})

describe.concurrent('the server of one file for FastAPI in', () => {
  it.for(['docs', 'docs/zh'])('%s streams', async (folder, { skip, expect }) => {
    const lacking = python === undefined ? 'no Python here has fastapi and uvicorn' : undefined
    if (lacking !== undefined) skip(lacking)
    const [, code = ''] =
      /```python\n(.*?)```/s.exec(readFileSync(`${folder}/recipes/other-languages.md`, 'utf8')) ?? []
    const server: Example = {
      name: 'fastapi',
      isElsewhere: true,
      lacking,
      command(port, scratch) {
        writeFileSync(join(scratch, 'main.py'), code)
        return [python ?? '', '-m', 'uvicorn', 'main:app', '--port', String(port)]
      },
    }
    await runExample(server, async (url) => {
      const result = await runConformance({ url, body: '{"prompt":"How are you?"}' })
      expect(result.level, conformanceReport(result)).toBe('plain')
    })
  })
})
