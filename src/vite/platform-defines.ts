import type { Plugin } from 'vite'

/** What `src/core/built-for.ts` is told of a platform of uni-app; nothing of one that is unknown here. */
export function definesFor(platform: string): Record<string, string> {
  const isWeb = platform === 'h5' || platform === 'web'
  const isMiniProgram = platform.startsWith('mp-')
  if (!isWeb && !isMiniProgram) return {}
  return {
    __UNI_SSE_WEB__: String(isWeb),
    __UNI_SSE_UNI__: String(isMiniProgram),
    __UNI_SSE_APP__: 'false',
    __UNI_SSE_DOUYIN__: String(platform === 'mp-toutiao'),
    __UNI_SSE_ALIPAY__: String(platform === 'mp-alipay'),
  }
}

/** Leaves transports and sentences out of a build that its platform has no use for. */
export function platformDefines(): Plugin {
  return {
    name: 'uni-sse-channel:platform-defines',
    config: () => ({ define: definesFor(process.env.UNI_PLATFORM ?? '') }),
  }
}
