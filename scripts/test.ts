// npm test: what the machine lacks, then every test. Arguments go to vitest: npm test -- test/core
import { run } from './run.js'
import { ensureSystemPackages } from './system-packages.js'

try {
  await ensureSystemPackages()
  await run('npx', ['vitest', 'run', '-c', 'test/vitest.config.ts', ...process.argv.slice(2)])
} catch (error) {
  console.error(error instanceof Error ? error.message : error)
  process.exitCode = 1
}
