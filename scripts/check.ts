// npm run check: everything that keeps the house, each step with its time. Stops at the first that fails.
import { run } from './run.js'

const steps: readonly (readonly [name: string, command: string])[] = [
  ['format', 'prettier --check .'],
  ['lint', 'eslint . --max-warnings 0'],
  ['types', 'vue-tsc --noEmit'],
  ['types of core, without DOM, Node and Vue', 'tsc -p tsconfig.core.json --noEmit'],
  ['import rule', 'vitest run -c test/vitest.config.ts test/import-rule.test.ts --reporter dot'],
  [
    'documents: links, and snippets as a strict project takes them',
    'vitest run -c test/vitest.config.ts test/docs/links.test.ts test/docs/snippets.test.ts --reporter dot',
  ],
  ['dead code', 'knip'],
  ['build', 'npm run --silent build'],
  ['public API, as it is in api/', 'tsx scripts/api-report.ts --check'],
  ['licences', 'tsx scripts/licences.ts'],
  ['package', 'publint --strict'],
  ['package types', 'attw --pack .'],
  ['bundles of platforms', 'tsx scripts/build/platform-bundles.ts'],
  ['size', 'size-limit'],
]

for (const [name, command] of steps) {
  const [program = '', ...args] = command.split(' ')
  const begun = Date.now()
  console.log(`\n── ${name}: ${command}`)
  try {
    await (program === 'npm' ? run(program, args) : run('npx', [program, ...args]))
  } catch {
    console.error(`\ncheck failed at: ${name}`)
    process.exit(1)
  }
  console.log(`── ${name}: ok, ${((Date.now() - begun) / 1000).toFixed(1)} s`)
}
