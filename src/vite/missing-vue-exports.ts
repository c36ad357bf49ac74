import type { Plugin } from 'vite'

const IMPORT_FROM_VUE = /import\s*\{([^}]*)\}\s*from\s*(['"])vue\2;?/g

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
      const vue = await this.resolve('vue', id)
      if (!vue || vue.external) return null
      const { exports } = await this.load(vue)
      if (!exports) return null
      return { code: withoutMissing(code, new Set(exports)), map: null }
    },
  }
}

/** The code with imports from Vue reduced to what exists; the rest becomes undefined. */
export function withoutMissing(code: string, existing: ReadonlySet<string>): string {
  return code.replace(IMPORT_FROM_VUE, (_statement, names: string) => {
    const wanted = names
      .split(',')
      .map((name) => name.trim())
      .filter((name) => name !== '')
    const isThere = (name: string) => existing.has(name.split(/\s+as\s+/)[0] ?? name)
    const missing = wanted.filter((name) => !isThere(name))
    const stubs = missing.map((name) => `const ${name.split(/\s+as\s+/).pop() ?? name} = undefined;`)
    return [`import { ${wanted.filter(isThere).join(', ')} } from 'vue';`, ...stubs].join(' ')
  })
}
