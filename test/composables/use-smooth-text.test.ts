/// <reference lib="es2022.intl" />
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { effectScope, ref, shallowRef, type EffectScope } from 'vue'
import { graphemeEnd } from '../../src/composables/grapheme-end.js'
import { useSmoothText } from '../../src/composables/use-smooth-text.js'

let scope: EffectScope
beforeEach(() => {
  vi.useFakeTimers()
  scope = effectScope()
})
afterEach(() => {
  scope.stop()
  expect(vi.getTimerCount()).toBe(0)
  vi.useRealTimers()
  vi.unstubAllGlobals()
})

function use(isGrowing = ref(true)) {
  const text = shallowRef('')
  const shown = scope.run(() => useSmoothText(text, { isGrowing }))
  if (!shown) throw new Error('the scope is stopped')
  return { text, shown, isGrowing }
}

describe('graphemeEnd', () => {
  const wanted = ['a', 'é', '你', '👩‍👩‍👧‍👦', '🏳️‍🌈', '👍🏽', '🇨🇳', 'क्षि'.slice(0, 2), '각', '\r\n', '1️⃣', '😀']
  it.each(wanted)('takes %j whole', (character) => {
    expect(graphemeEnd(`${character}x`, 0)).toBe(character.length)
  })

  it('agrees with the segmenter of a browser on emoji, accents and scripts', () => {
    const text = wanted.join('') + '中文，é à ñ 👨🏿‍🚒 🇯🇵🇰🇷 か\u3099 ไทย'
    const cuts: number[] = []
    for (let at = 0; at < text.length; at = graphemeEnd(text, at)) cuts.push(at)
    expect(cuts).toEqual([...new Intl.Segmenter().segment(text)].map(({ index }) => index))
  })
})

describe('a smooth text', () => {
  it('spreads a burst over steps, all of it within a second', () => {
    const { text, shown } = use()
    text.value = '一'.repeat(200)
    const lengths: number[] = []
    for (let ms = 0; ms < 1000; ms += 50) {
      vi.advanceTimersByTime(50)
      lengths.push(shown.value.length)
    }
    expect(lengths.filter((length) => length < 200).length).toBeGreaterThan(8)
    expect(lengths.at(-1)).toBe(200)
    const steps = lengths.map((length, at) => length - (lengths[at - 1] ?? 0))
    expect(Math.max(...steps)).toBeLessThan(40)
  })

  it('is never more than a second behind a steady stream', () => {
    const { text, shown } = use()
    const arrived: number[] = []
    for (let tick = 0; tick < 100; tick++) {
      text.value += 'x'.repeat(tick % 10 === 0 ? 400 : 3)
      arrived.push(text.value.length)
      vi.advanceTimersByTime(50)
      expect(shown.value.length).toBeGreaterThanOrEqual(arrived[tick - 20] ?? 0)
    }
  })

  it('never shows a part of a character', () => {
    const { text, shown } = use()
    text.value = '👩‍👩‍👧‍👦🇨🇳é'.repeat(20)
    const cuts = new Set([...new Intl.Segmenter().segment(text.value)].map(({ index }) => index))
    while (shown.value.length < text.value.length) {
      vi.advanceTimersByTime(50)
      expect(cuts.has(shown.value.length) || shown.value === text.value).toBe(true)
    }
  })

  it.each([
    ['a flag', ['国旗🇨', '🇳好看']],
    ['a family', ['一家👨\u200d', '👩\u200d👧很好']],
    ['a family before its joiner', ['一家👨', '\u200d👩', '\u200d👧很好']],
    ['a skin tone', ['好👍', '🏽的']],
    ['a heart', ['爱❤', '\ufe0f你']],
    ['half a surrogate pair', ['好\ud83d', '\ude00的']],
    ['a Hindi syllable', ['नमस', '्त', 'े जी']],
  ])('never shows a part of %s that comes in pieces', (_name, pieces) => {
    for (const reduced of [false, true]) {
      vi.stubGlobal('matchMedia', () => ({ matches: reduced }))
      const { text, shown, isGrowing } = use()
      const whole = pieces.join('')
      const ends = new Set(
        [...new Intl.Segmenter().segment(whole)].map(({ index, segment }) => index + segment.length),
      )
      for (const piece of pieces) {
        text.value += piece
        for (let ms = 0; ms < 1500; ms += 50) {
          vi.advanceTimersByTime(50)
          if (shown.value) expect(ends).toContain(shown.value.length)
        }
        expect(vi.getTimerCount()).toBe(0)
      }
      isGrowing.value = false
      expect(shown.value).toBe(whole)
    }
  })

  it('shows a character that waited when the text ends with it', () => {
    const { text, shown, isGrowing } = use()
    text.value = '好👍'
    vi.advanceTimersByTime(1500)
    expect(shown.value).toBe('好')
    isGrowing.value = false
    expect(shown.value).toBe('好👍')
  })

  it('shows everything at once at the end', () => {
    const { text, shown, isGrowing } = use()
    text.value = 'x'.repeat(500)
    vi.advanceTimersByTime(50)
    expect(shown.value.length).toBeLessThan(500)
    isGrowing.value = false
    expect(shown.value).toBe(text.value)
  })

  it('starts over with a text that does not continue', () => {
    const { text, shown } = use()
    text.value = 'abc'
    vi.advanceTimersByTime(1000)
    text.value = 'other'
    expect(shown.value).toBe('other')
  })

  it('passes text on as it comes where less motion is wanted', () => {
    vi.stubGlobal('matchMedia', () => ({ matches: true }))
    const { text, shown } = use()
    text.value = 'x'.repeat(500)
    expect(shown.value).toBe(text.value)
  })

  it('catches up when the page is hidden', () => {
    const listeners: (() => void)[] = []
    vi.stubGlobal('document', {
      visibilityState: 'hidden',
      addEventListener: (_: string, listener: () => void) => listeners.push(listener),
      removeEventListener: () => undefined,
    })
    const { text, shown } = use()
    text.value = 'x'.repeat(500)
    for (const listener of listeners) listener()
    expect(shown.value).toBe(text.value)
    text.value += 'y'
    expect(shown.value).toBe(text.value)
  })
})
