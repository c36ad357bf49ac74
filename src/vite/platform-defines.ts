import type { Plugin } from 'vite'

const names = {
  fallbacks: '__UNI_SSE_FALLBACKS__',
  tools: '__UNI_SSE_TOOLS__',
  sentences: '__UNI_SSE_SENTENCES__',
  html: '__UNI_SSE_HTML__',
  formulas: '__UNI_SSE_FORMULAS__',
  entities: '__UNI_SSE_ENTITIES__',
} as const

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
    ...Object.fromEntries(Object.values(names).map((name) => [name, 'true'])),
  }
}

/** What an app may do without. */
export interface LeaveOut {
  /**
   * - `fallbacks`: what is tried where the platform's first way to stream fails or is held back.
   * - `tools`: calls of tools as parts; what comes of them stays in `messages` and in `others` of an answer.
   * - `sentences`: why an error happened, in English. Its message begins with its code instead.
   * - `html`: HTML in markdown. Tags are text.
   * - `formulas`: formulas in markdown. Their source is text.
   * - `entities`: named characters in markdown, but for `&amp;`, `&lt;`, `&gt;`, `&quot;`, `&apos;` and `&nbsp;`.
   */
  readonly leaveOut?: readonly (keyof typeof names)[]
}

/** What `src/core/built-for.ts` is told of what the app does without. */
export function definesWithout({ leaveOut = [] }: LeaveOut): Record<string, string> {
  return Object.fromEntries(leaveOut.map((part) => [names[part], 'false']))
}

const isChoice = (name: string) => Object.values<string>(names).includes(name)

/** Leaves transports and sentences out of a build that its platform has no use for. */
export function platformDefines(options: LeaveOut = {}): Plugin {
  return {
    name: 'uni-sse-channel:platform-defines',
    // Twice in a build, by itself and in vite.config: what either leaves out is out.
    config: ({ define = {} }) => ({
      define: {
        ...definesFor(process.env.UNI_PLATFORM ?? ''),
        ...Object.fromEntries(
          Object.entries(define).filter(([name, value]) => isChoice(name) && value === 'false'),
        ),
        ...definesWithout(options),
      },
    }),
  }
}
