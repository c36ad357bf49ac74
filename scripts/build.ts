// npm run build [FOLDER]: the library into lib/, or into the folder.
import { rmSync } from 'node:fs'
import { buildVendored } from './build-vendored.js'
import { run } from './run.js'

const folder = process.argv[2] ?? 'lib'
// What was there before would be packed too.
rmSync(folder, { recursive: true, force: true })
await run('npx', ['tsc', '-p', 'tsconfig.build.json', '--outDir', folder])
await buildVendored(folder)
await run('npx', ['tsx', 'scripts/build-cjs.ts', folder])
