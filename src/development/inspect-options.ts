import { warn, type Mistake } from './warn.js'

declare const process: { readonly env: { readonly NODE_ENV?: string } }

/** How a channel was asked for. */
export interface Use {
  readonly key: string | undefined
  /** What was passed, without what an app has in common. */
  readonly options: object
  /** Every name that means something. */
  readonly known: readonly string[]
  /** Whether the end of a component or an effect scope ends this use. */
  readonly scoped: boolean
}

/** The first use of each key: its options are the channel's. */
const firstUses = new Map<string, Use>()

/** In development, says on the console what a call of useSSEChannel surely did not mean. */
export function inspectOptions(use: Use): void {
  try {
    // Written out: this way bundlers leave the words out of what is built for production.
    if (process.env.NODE_ENV !== 'production')
      for (const find of [unknownOptions, withoutScope, otherOptions]) warn(() => find(use))
  } catch {
    // A page without a bundler has no `process`.
  }
}

function unknownOptions({ options, known }: Use): Mistake | undefined {
  const names = Object.keys(options).filter((name) => !known.includes(name))
  if (names.length === 0) return undefined
  return {
    code: 'UNKNOWN_OPTION',
    what: { zh: `没有这些选项：${names.join('、')}。`, en: `There is no option ${names.join(', ')}.` },
    cure: { zh: `可用的选项：${known.join('、')}。`, en: `Those there are: ${known.join(', ')}.` },
  }
}

function withoutScope({ key, scoped }: Use): Mistake | undefined {
  if (key !== undefined || scoped) return undefined
  return {
    code: 'OUTSIDE_SETUP',
    what: {
      zh: 'useSSEChannel() 是在事件处理函数里或 await 之后调用的：没有组件拥有它，页面离开后它不会停止，createSSEChannel 的设置也读不到。',
      en: 'useSSEChannel() was called in a handler or after an await: no component owns the channel, so it does not stop with one, and what createSSEChannel set is not seen.',
    },
    cure: {
      zh: '在 setup 的最外层、第一个 await 之前调用；需要跨页面共享时用 key。',
      en: 'Call it at the top of setup, before the first await; give it a key to share it between pages.',
    },
  }
}

function otherOptions(use: Use): Mistake | undefined {
  const { key } = use
  if (key === undefined) return undefined
  const first = firstUses.get(key)
  if (!first) firstUses.set(key, use)
  const names = first ? differing(first.options, use.options) : []
  if (names.length === 0) return undefined
  return {
    code: 'KEY_IN_USE',
    what: {
      zh: `key 为「${key}」的通道已经存在，这次传入的 ${names.join('、')} 不会生效：以第一次使用为准。`,
      en: `The channel with the key "${key}" exists: ${names.join(', ')} of this call means nothing, the first use decided.`,
    },
    cure: {
      zh: '每个 key 用同样的选项，或用 createSSEChannel 统一设置。',
      en: 'Pass the same options for one key, or set them once with createSSEChannel.',
    },
  }
}

/** Names of plain values that were passed both times, and are not the same. Getters are new at each call. */
function differing(first: object, second: object): string[] {
  const before = new Map<string, unknown>(Object.entries(first))
  return Object.entries(second)
    .filter(
      ([name, value]) =>
        before.has(name) && /^(string|number|boolean)$/.test(typeof value) && before.get(name) !== value,
    )
    .map(([name]) => name)
}
