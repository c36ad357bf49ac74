import { platformLocale } from 'uni-sse-channel'

declare const process: { readonly env: { readonly NODE_ENV?: string } }

/** As often a text may come whole before it is told, and as long it has to be. */
const TIMES = 100
const LENGTH = 2_000

let isTold = false

/**
 * In development, says once that a growing text is handed over whole with each piece: the page renders for each, too.
 * @returns to be told what is handed over, each time it is another
 */
export function tellWholeContent(): (content: unknown) => void {
  let times = 0
  return (content) => {
    try {
      // Written out: this way bundlers leave the words out of what is built for production.
      if (process.env.NODE_ENV !== 'production') {
        // Tests of an app are no place for it.
        if (process.env.NODE_ENV === 'test') return
        if (isTold || typeof content !== 'string' || ++times < TIMES || content.length < LENGTH) return
        isTold = true
        // eslint-disable-next-line no-console -- What this file is for.
        console.warn(/^zh/i.test(platformLocale()) ? zh : en)
      }
    } catch {
      // A page without a bundler has no `process`.
    }
  }
}

const zh =
  '[uni-sse-channel] CONTENT_RENDERS_PAGE：<streaming-text> 的 content 每来一段就整段传入一次，页面也跟着重新渲染一次，长回答会变慢。' +
  '\n  怎么办：在 vite.config 里加上 uni-sse-channel/vite 插件；或传入函数：:content="read"，其中 const read = () => text.value。'
const en =
  '[uni-sse-channel] CONTENT_RENDERS_PAGE: content of <streaming-text> is handed over whole with each piece, and the page renders each time: long answers get slow.' +
  '\n  What to do: add the plugin uni-sse-channel/vite to vite.config; or pass a function, :content="read" with const read = () => text.value.'
