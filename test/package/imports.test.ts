import { mkdirSync, mkdtempSync, readFileSync, realpathSync, symlinkSync } from 'node:fs'
import { builtinModules, createRequire } from 'node:module'
import { tmpdir } from 'node:os'
import { dirname, join, relative } from 'node:path'
import { transform } from 'esbuild'
import ts from 'typescript'
import { beforeAll, describe, expect, test } from 'vitest'
import { listFiles } from '../hosts/list-files.js'
import { buildPackage } from './build-package.js'

interface Manifest {
  readonly dependencies?: object
  readonly peerDependencies: Readonly<Record<string, string>>
  readonly peerDependenciesMeta: Readonly<Record<string, { readonly optional: boolean }>>
}

/** Packages and modules that a script or a type file takes. */
const imports = (path: string): string[] =>
  ts.preProcessFile(readFileSync(path, 'utf8'), true, true).importedFiles.map(({ fileName }) => fileName)

const isBuiltin = (name: string) => name.startsWith('node:') || builtinModules.includes(name)
const packageOf = (name: string) => /^(@[^/]+\/)?[^/]+/.exec(name)?.[0] ?? name

let folder: string
let manifest: Manifest

beforeAll(async () => {
  folder = await buildPackage()
  manifest = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8')) as Manifest
}, 300_000)

/** Every file that an entry loads, from the package's root. */
function reachable(entry: string): Set<string> {
  const seen = new Set<string>()
  const visit = (path: string) => {
    if (seen.has(path)) return
    seen.add(path)
    for (const name of imports(path)) if (name.startsWith('.')) visit(join(dirname(path), name))
  }
  visit(join(folder, entry))
  return seen
}

describe('the package', () => {
  test('gives its plugin by name, as the compiler of uni-app asked for it until 2025', () => {
    const project = mkdtempSync(join(tmpdir(), 'plugin-'))
    mkdirSync(join(project, 'node_modules'))
    symlinkSync(folder, join(project, 'node_modules/uni-sse-channel'))
    const { resolve } = createRequire(join(project, 'package.json'))
    expect(resolve('uni-sse-channel/uni.plugin.cjs')).toBe(join(realpathSync(folder), 'uni.plugin.cjs'))
  })

  test('brings no package along, and asks for none that everybody would have to install', () => {
    expect(manifest.dependencies).toBeUndefined()
    const demanded = Object.keys(manifest.peerDependencies).filter(
      (name) => !manifest.peerDependenciesMeta[name]?.optional,
    )
    expect(demanded).toEqual([])
  })

  test('names no Pinia: each brings a peer that does not fit beside the Vue of uni-app', () => {
    expect(Object.keys(manifest.peerDependencies)).not.toContain('pinia')
  })

  test('imports only what it names as a peer, in scripts and in types', () => {
    const files = listFiles(join(folder, 'lib')).map(({ path }) => path)
    const unknown = files
      .filter((path) => /\.(js|cjs|d\.ts)$/.test(path))
      .flatMap((path) => imports(path).map((name) => ({ file: relative(folder, path), name })))
      .filter(({ name }) => !name.startsWith('.') && !isBuiltin(name))
      .filter(({ name }) => !(packageOf(name) in manifest.peerDependencies))
    expect(files.length).toBeGreaterThan(100)
    expect(unknown).toEqual([])
  })

  test.each(['lib/server/index.js', 'lib/server/log/redis/index.js', 'lib/cloud/index.js', 'lib/client.js'])(
    '%s loads nothing of Vue',
    (entry) => {
      const files = [...reachable(entry)]
      expect(files.length).toBeGreaterThan(5)
      expect(files.flatMap(imports).filter((name) => /^vue|pinia/.test(name))).toEqual([])
    },
  )

  test.each(['index', 'markdown', 'highlight', 'math', 'client', 'unicloud/index'])(
    'what an app takes with lib/%s.js parses where ES2018 is all there is',
    async (entry) => {
      for (const path of [...reachable(`lib/${entry}.js`)].filter((name) => name.endsWith('.js'))) {
        const text = readFileSync(path, 'utf8')
        // Whatever is newer would have to be rewritten, so the text would change.
        const asIs = await transform(text, { target: 'esnext' })
        const older = await transform(text, { target: 'es2018' })
        expect({ path, same: asIs.code === older.code }).toEqual({ path, same: true })
      }
    },
  )

  test('what it carries of other packages comes with their licences', () => {
    const licences = readFileSync(join(folder, 'lib/vendored/LICENSE'), 'utf8')
    for (const name of ['pinia', '@vueuse/shared']) expect(licences).toContain(`${name}\n\n`)
    expect(licences.match(/Permission is hereby granted/g)).toHaveLength(2)
  })
})
