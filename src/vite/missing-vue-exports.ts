import { existsSync, readFileSync } from 'node:fs'
import type { Plugin } from 'vite'

/** Versions before 12 import from vue-demi, which passes Vue's exports on. */
const IMPORT_FROM_VUE = /import\s*\{([^}]*)\}\s*from\s*(['"])(vue|vue-demi)\2;?/g

/**
 * Lets newer @vueuse/core build for mini-programs, whose Vue has no TransitionGroup and the like: what is missing
 * there is undefined instead of an error. Only what uses it would fail, and that can't work there anyway.
 */
export function missingVueExports(): Plugin {
  return {
    name: 'uni-sse-channel:missing-vue-exports',
    async transform(code, id) {
      const file = id.split('?')[0]?.replace(/\\/g, '/') ?? ''
      if (!(process.env.UNI_PLATFORM ?? '').startsWith('mp-') || !/\/@vueuse\/core\/.*\.m?js$/.test(file))
        return null
      const vue = (await this.resolve('vue', id))?.id.split('?')[0]
      if (vue === undefined || !existsSync(vue)) return null
      return { code: withoutMissing(code, exportsOf(readFileSync(vue, 'utf8'))), map: null }
    },
  }
}

const VUE_DEMI = ['Vue', 'Vue2', 'isVue2', 'isVue3', 'install', 'set', 'del']

/** Names that a bundle of Vue exports, in the `export { … }` form that uni-app publishes, and those of vue-demi. */
export function exportsOf(vue: string): ReadonlySet<string> {
  const lists = Array.from(vue.matchAll(/^export \{([^}]*)\}/gm), ([, list = '']) => list.split(','))
  const names = lists
    .reduce((all, list) => all.concat(list), [])
    .map((name) => name.trim().split(' as ').pop() ?? '')
  return new Set([...names, ...VUE_DEMI])
}

/** The code with imports from Vue reduced to what exists; the rest becomes undefined. */
export function withoutMissing(code: string, existing: ReadonlySet<string>): string {
  return code.replace(IMPORT_FROM_VUE, (_statement, names: string, _quote, source: string) => {
    const wanted = names
      .split(',')
      .map((name) => name.trim())
      .filter((name) => name !== '')
    const isThere = (name: string) => existing.has(name.split(/\s+as\s+/)[0] ?? name)
    const missing = wanted.filter((name) => !isThere(name))
    const stubs = missing.map((name) => `const ${name.split(/\s+as\s+/).pop() ?? name} = undefined;`)
    return [`import { ${wanted.filter(isThere).join(', ')} } from '${source}';`, ...stubs].join(' ')
  })
}
