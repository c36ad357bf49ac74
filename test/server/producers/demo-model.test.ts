import { describe, expect, it } from 'vitest'
import { composeDemoAnswer } from '../../../src/server/producers/demo-answer.js'
import { demoModel, type DemoModelOptions } from '../../../src/server/producers/demo-model.js'
import type { RunContext } from '../../../src/server/hub/producer.js'
import type { UIMessageChunk } from '../../../src/server/hub/stream-format.js'

function run(prompt: string, options: DemoModelOptions) {
  const abort = new AbortController()
  const context: RunContext<UIMessageChunk> = {
    channelId: 'c1',
    signal: abort.signal,
    metadata: {},
    write: async () => undefined,
  }
  const producer = demoModel(options)({ prompt, messages: [{ role: 'user', content: prompt }] })
  return { abort, chunks: producer(context) as AsyncIterable<UIMessageChunk> }
}

async function collect(prompt: string, options: DemoModelOptions = { paceMs: 0 }) {
  const chunks: UIMessageChunk[] = []
  for await (const chunk of run(prompt, options).chunks) chunks.push(chunk)
  return chunks
}

const join = (chunks: UIMessageChunk[], type: string) =>
  chunks.filter((chunk) => chunk.type === type).map((chunk) => String(chunk.delta))

describe('demoModel', () => {
  it('writes reasoning, then text, in deltas of 1 to 6 characters that add up to the answer', async () => {
    const chunks = await collect('如何写一个 Vue 组件？')
    const { text, reasoning } = composeDemoAnswer('如何写一个 Vue 组件？')
    expect(join(chunks, 'text-delta').join('')).toBe(text)
    expect(join(chunks, 'reasoning-delta').join('')).toBe(reasoning)
    expect(
      join(chunks, 'text-delta').every((delta) => [...delta].length >= 1 && [...delta].length <= 6),
    ).toBe(true)
    const frame = chunks.map((chunk) => chunk.type).filter((type) => !type.endsWith('-delta'))
    expect(frame).toEqual(['start', 'reasoning-start', 'reasoning-end', 'text-start', 'text-end', 'finish'])
  })

  it('is paced: never more than a hundred deltas a second', async () => {
    const from = performance.now()
    let deltas = 0
    for await (const chunk of run('hello', {}).chunks) {
      if (chunk.type.endsWith('-delta') && ++deltas === 30) break
    }
    const perSecond = 30 / ((performance.now() - from) / 1000)
    expect(perSecond).toBeLessThan(100)
  })

  it('ends at once when its signal is aborted, in the middle of a pause', async () => {
    const { abort, chunks } = run('hello', { paceMs: 60_000 })
    const reading = (async () => {
      for await (const chunk of chunks) if (chunk.type === 'never') break
    })()
    setTimeout(() => abort.abort(new Error('stopped')), 10)
    await expect(reading).rejects.toThrow('stopped')
  })
})

describe('composeDemoAnswer', () => {
  it('is the same for the same prompt and another for another', () => {
    const prompts = [
      '如何部署 Redis 集群？',
      '写一首关于秋天的诗',
      'Explain SSE and WebSocket',
      'Explain vector clocks',
      '?',
    ]
    const answers = prompts.map((prompt) => composeDemoAnswer(prompt).text)
    expect(prompts.map((prompt) => composeDemoAnswer(prompt).text)).toEqual(answers)
    expect(new Set(answers).size).toBe(prompts.length)
    expect(answers[0]).toContain('Redis')
    expect(answers[1]).toContain('秋天')
    expect(answers[3]).toContain('vector')
  })

  it('has headings, a list, a table, code and emoji, in the language of the prompt', () => {
    const chinese = composeDemoAnswer('如何学习编程').text
    const english = composeDemoAnswer('How do I learn programming?').text
    for (const text of [chinese, english]) {
      expect(text).toMatch(/^# /)
      expect(text).toMatch(/\n## /)
      expect(text).toMatch(/\n- /)
      expect(text).toMatch(/\n1\. /)
      expect(text).toMatch(/\n\| --- \| ---: \| --- \|\n/)
      expect(text).toMatch(/```ts\n[\s\S]+\n```/)
      expect(text).toMatch(/[\u{1F300}-\u{1FAFF}]/u)
    }
    expect(chinese).toMatch(/[\u4e00-\u9fff]{4}/)
    expect(english).not.toMatch(/[\u4e00-\u9fff]/)
  })

  it('grows to the length asked for', () => {
    for (const minBytes of [0, 20_000, 100_000]) {
      const size = Buffer.byteLength(composeDemoAnswer('流式传输', minBytes).text)
      expect(size).toBeGreaterThan(Math.max(minBytes, 800))
      expect(size).toBeLessThan(minBytes + 8_000)
    }
  })
})
