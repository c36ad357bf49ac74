// npm run test:push: push fails in every known way, on every platform, with and without the plugin. Arguments go to vitest.
import { ensureSystemPackages } from './system-packages.js'
import { run } from './run.js'

const FILES = ['test/unicloud/failure-rows', 'test/unicloud/classic-example']

try {
  await ensureSystemPackages()
  await run('npx', ['vitest', 'run', '-c', 'test/vitest.config.ts', ...FILES, ...process.argv.slice(2)], {
    PUSH_ROWS: 'all',
  })
} catch (error) {
  console.error(error instanceof Error ? error.message : error)
  process.exitCode = 1
}
