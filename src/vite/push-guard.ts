import type { Plugin } from 'vite'
import { isPushSdk, isTied, tieToPort } from './push-sdk-code.js'
import { pushVersion } from './push-version.js'

export interface PushGuardOptions {
  /** Path of the module that holds the port; the same file that the app's `uni-sse-channel/unicloud` imports. */
  readonly portModule: string
}

/** Platforms whose socket calls the SDK makes in a way that can't be guarded. */
const UNGUARDED: readonly string[] = ['mp-alipay']

/**
 * Hands the vendor's push SDK to the channels, and its socket to the guard.
 * Fails the build, naming the version, where the SDK is not the one it knows: a guard that silently does nothing
 * is worse than none.
 */
export function pushGuard({ portModule }: PushGuardOptions): Plugin {
  let wanted: string | undefined
  let guarded = false
  const idle = () => UNGUARDED.includes(process.env.UNI_PLATFORM ?? '')
  return {
    name: 'uni-sse-channel:push-guard',
    enforce: 'pre',
    async resolveId(source, importer, options) {
      if (source !== '@dcloudio/uni-push' || idle()) return null
      const resolved = await this.resolve(source, importer, { ...options, skipSelf: true })
      wanted = resolved?.id ?? wanted
      return resolved
    },
    transform(code, id) {
      const file = id.split('?')[0]?.replace(/\\/g, '/') ?? ''
      if (idle() || !isPushSdk(file)) return null
      guarded = true
      // Another instance of this plugin was here: in vite.config and by itself.
      if (isTied(code)) return null
      return { code: tieToPort(code, portModule, `@dcloudio/uni-push ${pushVersion(file)}`), map: null }
    },
    buildEnd(error) {
      // Offline push on App, and push 1.0, have no socket and no SDK.
      if (error || guarded || wanted === undefined || /\.plus\.es\.js$/.test(wanted)) return
      this.error(
        `uni-sse-channel: @dcloudio/uni-push ${pushVersion(wanted)} keeps its SDK in ${wanted}, which is unknown here. ` +
          'Update uni-sse-channel, or use a version of uni-push it supports.',
      )
    },
  }
}
