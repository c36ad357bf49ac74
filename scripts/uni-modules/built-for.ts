import { transformSync } from 'esbuild'
import { definesFor } from '../../src/vite/platform-defines.js'

/** Platforms as the build names them, and the conditions of uni-app's comments that hold there. */
const PLATFORMS = {
  h5: 'H5',
  'mp-toutiao': 'MP-TOUTIAO',
  'mp-alipay': 'MP-ALIPAY',
  'mp-weixin': 'MP-WEIXIN || MP-QQ || MP-BAIDU || MP-KUAISHOU || MP-LARK || MP-JD || MP-XHS',
} as const

/**
 * `core/built-for.js` for HBuilderX, where no plugin of ours says what the platform is: conditional comments do.
 * What an app may leave out stays for the plugin to say.
 */
export function builtForConditions(code: string): string {
  const blocks = Object.entries(PLATFORMS).map(([platform, condition]) => {
    const known = Object.entries(definesFor(platform)).filter(
      ([name]) => !/FALLBACKS|TOOLS|SENTENCES/.test(name),
    )
    const told = transformSync(code, { define: Object.fromEntries(known), minifySyntax: true }).code
    return `// #ifdef ${condition}\n${told}// #endif\n`
  })
  return `${blocks.join('')}// #ifndef ${Object.values(PLATFORMS).join(' || ')}\n${code.trimEnd()}\n// #endif\n`
}

/**
 * `run/load-engine.js` for HBuilderX: only H5 loads a part of an app later, and elsewhere the compiler complains of a
 * part that is there and loaded.
 */
export const loadedConditions = (code: string) => `// #ifndef H5
import * as whole from './engine.js'
export const engineNow = () => whole
export const loadEngine = () => whole
// #endif
// #ifdef H5
${code.trimEnd()}
// #endif
`
