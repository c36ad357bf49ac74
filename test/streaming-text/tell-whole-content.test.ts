import { afterEach, beforeEach, expect, test, vi } from 'vitest'

beforeEach(() => vi.resetModules())
afterEach(() => {
  vi.unstubAllEnvs()
  vi.restoreAllMocks()
})

async function told(mode: string, content: (piece: number) => unknown): Promise<string[]> {
  vi.stubEnv('NODE_ENV', mode)
  const warned: string[] = []
  vi.spyOn(console, 'warn').mockImplementation((text: string) => void warned.push(text))
  const { tellWholeContent } = await import('../../components/streaming-text/tell-whole-content.js')
  for (const tell of [tellWholeContent(), tellWholeContent()])
    for (let piece = 1; piece <= 300; piece++) tell(content(piece))
  return warned
}
const growing = (piece: number) => 'some words '.repeat(piece)

test('a long text that comes whole with each piece is told once, with what to do', async () => {
  const warned = await told('development', growing)
  expect(warned).toHaveLength(1)
  expect(warned[0]).toContain('CONTENT_RENDERS_PAGE')
  expect(warned[0]).toContain('uni-sse-channel/vite')
})

test.each<[string, string, (piece: number) => unknown]>([
  ['in production', 'production', growing],
  ['of a function', 'development', (piece) => () => growing(piece)],
  ['of a text that stays short', 'development', () => 'short'],
])('nothing is told %s', async (_when, mode, content) => {
  expect(await told(mode, content)).toEqual([])
})
