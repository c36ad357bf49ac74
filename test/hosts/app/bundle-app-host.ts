import { fileURLToPath } from 'node:url'
import { build, type BuildOptions } from 'esbuild'

const bundles = new Map<string, Promise<string>>()

/** One script, built once for each process. */
function bundle(name: string, options: BuildOptions): Promise<string> {
  const known = bundles.get(name)
  if (known) return known
  const made = build({
    bundle: true,
    write: false,
    format: 'iife',
    target: 'es2020',
    logLevel: 'silent',
    ...options,
  }).then(({ outputFiles }) => outputFiles?.[0]?.text ?? '')
  bundles.set(name, made)
  return made
}

/** The host as a script for a page. */
export const bundleAppHost = (): Promise<string> =>
  bundle('host', { entryPoints: [fileURLToPath(new URL('page-entry.ts', import.meta.url))] })

const VUE = '@dcloudio/uni-app-vue/dist/vue.runtime.esm.prod.js'

/** HarmonyOS' framework leaves half of `uni` to the native side, which is given as `__harmonyApi`. */
const frameworks = {
  app: '@dcloudio/uni-app-plus/dist/uni.runtime.esm.js',
  'app-harmony': '@dcloudio/uni-app-harmony/dist/uni.runtime.esm.js',
}

/**
 * uni-app's own service runtime for App or HarmonyOS, from its npm package, as the script a phone's app carries. It
 * hands its globals to `__export`.
 */
export const bundleFramework = (runtime: keyof typeof frameworks = 'app'): Promise<string> =>
  bundle(`framework ${runtime}`, {
    stdin: {
      resolveDir: fileURLToPath(new URL('.', import.meta.url)),
      contents: `
        import * as Vue from '${VUE}'
        import framework from '${frameworks[runtime]}'
        import { initApp } from '@dcloudio/uni-app-plus/dist/uni.vue.js'
        if (typeof __harmonyApi === 'object') Object.assign(framework.uni, __harmonyApi)
        function createVueApp(root, props) {
          const app = Vue.createApp(root, props)
          initApp(app)
          const mount = app.mount
          app.mount = (container) => {
            const vm = mount(container)
            app._vm = vm
            framework.__registerApp(vm)
            return vm
          }
          return app
        }
        __export({
          Vue: { ...Vue, createApp: createVueApp, createVueApp, createSSRApp: createVueApp },
          ...framework,
        })`,
    },
    alias: { vue: VUE },
    define: {
      'process.env.NODE_ENV': '"production"',
      'process.env.UNI_DEBUG': 'false',
      __PLATFORM__: '"app"',
    },
  })
