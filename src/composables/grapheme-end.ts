const isMark = (code: number) =>
  (code >= 0x300 && code <= 0x36f) ||
  (code >= 0x483 && code <= 0x489) ||
  (code >= 0x591 && code <= 0x5c7) ||
  (code >= 0x610 && code <= 0x61a) ||
  (code >= 0x64b && code <= 0x65f) ||
  (code >= 0x900 && code <= 0x903) ||
  (code >= 0x93a && code <= 0x94f && code !== 0x93d) ||
  (code >= 0xe31 && code <= 0xe3a && code !== 0xe32 && code !== 0xe33) ||
  (code >= 0xe47 && code <= 0xe4e) ||
  (code >= 0x1ab0 && code <= 0x1aff) ||
  (code >= 0x1dc0 && code <= 0x1dff) ||
  (code >= 0x20d0 && code <= 0x20ff) ||
  (code >= 0x3099 && code <= 0x309a) ||
  (code >= 0xfe00 && code <= 0xfe0f) ||
  (code >= 0xfe20 && code <= 0xfe2f) ||
  (code >= 0x1f3fb && code <= 0x1f3ff) ||
  (code >= 0xe0020 && code <= 0xe007f) ||
  (code >= 0xe0100 && code <= 0xe01ef)

const JOINER = 0x200d
const isFlag = (code: number) => code >= 0x1f1e6 && code <= 0x1f1ff
/** Vowels and finals of Korean syllables that are written in parts. */
const isJamoRest = (code: number) => code >= 0x1160 && code <= 0x11ff
const sizeOf = (code: number) => (code > 0xffff ? 2 : 1)

/**
 * Where the character that a reader sees at `start` ends: with its accents, skin tone, joined emoji and flag
 * pair. The common rules of UAX #29, since `Intl.Segmenter` is missing on mini-programs.
 */
export function graphemeEnd(text: string, start: number): number {
  const first = text.codePointAt(start)
  if (first === undefined) return start
  let at = start + sizeOf(first)
  if (first === 13 && text.charCodeAt(at) === 10) return at + 1
  const second = text.codePointAt(at)
  if (isFlag(first) && second !== undefined && isFlag(second)) at += 2
  for (;;) {
    const code = text.codePointAt(at)
    if (code === undefined) return at
    if (code === JOINER) {
      const joined = text.codePointAt(at + 1)
      at += 1 + (joined === undefined ? 0 : sizeOf(joined))
    } else if (isMark(code) || isJamoRest(code)) at += sizeOf(code)
    else return at
  }
}

/** The last place at or before `at`, and not before `from`, where no character is cut; `from` is such a place. */
export function graphemeFloor(text: string, from: number, at: number): number {
  let place = from
  while (place < at) {
    const next = graphemeEnd(text, place)
    if (next > at) return place
    place = next
  }
  return place
}
