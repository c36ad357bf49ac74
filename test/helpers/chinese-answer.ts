import { Buffer } from 'node:buffer'

const line = '你好，世界！流式回答一个字也不能少。😀👩‍👩‍👧‍👦🇨🇳 𠮷野家 ﬁn — "quoted" \\n\n'

/** 20 KB of Chinese, emoji, joined and flagged ones too, and characters outside the first plane. */
export const chineseAnswer: string = line.repeat(Math.ceil((20 * 1024) / Buffer.byteLength(line)))

/** The answer as the JSON chunks of a UI message stream, a few characters each, pairs cut as models do. */
export function answerChunks(text = chineseAnswer, size = 7): string[] {
  const chunks: string[] = []
  const characters = [...text]
  for (let i = 0; i < characters.length; i += size)
    chunks.push(
      JSON.stringify({ type: 'text-delta', id: 't', delta: characters.slice(i, i + size).join('') }),
    )
  return chunks
}
