// npm run build [FOLDER]: the library into lib/, or into the folder.
import { cpSync, existsSync, readdirSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { buildCommonJs } from './build/common-js.js'
import { writeComponentTypes } from './build/component-types.js'
import { writeOlderSyntax } from './build/older-syntax.js'
import { makeTypesPortable } from './build/portable-types.js'
import { buildVendored } from './build/vendored.js'
import { run } from './run.js'

const folder = process.argv[2] ?? 'lib'
const compiled = '.cache/compiled'

// What was there before would be packed too.
for (const each of [folder, compiled]) rmSync(each, { recursive: true, force: true })
await run('npx', ['vue-tsc', '-p', 'tsconfig.build.json', '--outDir', compiled])
cpSync(join(compiled, 'src'), folder, { recursive: true })
const components = readdirSync('components').filter((name) => existsSync(`components/${name}/${name}.vue`))
writeComponentTypes(compiled, components, folder)
makeTypesPortable(folder)
await writeOlderSyntax(folder)
await buildVendored(folder)
await buildCommonJs(folder)
await run('npx', ['tsx', 'scripts/build/standalone.ts', folder])
