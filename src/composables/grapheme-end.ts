/** Combining marks, variation selectors, skin tones and tags, where the platform's expressions know no classes. */
const COMMON =
  '[\\u0300-\\u036f\\u0483-\\u0489\\u0591-\\u05c7\\u0610-\\u061a\\u064b-\\u065f\\u0900-\\u0903\\u093a-\\u093c\\u093e-\\u094f' +
  '\\u0e31\\u0e34-\\u0e3a\\u0e47-\\u0e4e\\u1ab0-\\u1aff\\u1dc0-\\u1dff\\u20d0-\\u20ff\\u3099\\u309a\\ufe00-\\ufe0f\\ufe20-\\ufe2f]'

/** What belongs to the character before it. */
function markClass(): RegExp {
  try {
    return new RegExp('^(?:\\p{M}|\\p{Emoji_Modifier})$', 'u')
  } catch {
    // eslint-disable-next-line no-misleading-character-class -- combining characters are what it is about
    return new RegExp(`^${COMMON}$`)
  }
}
const marks = markClass()

const JOINER = 0x200d
/** Signs that bind the consonant after them to the one before, of the scripts that Unicode names for it. */
const BINDING = [0x94d, 0x9cd, 0xacd, 0xb4d, 0xc4d, 0xd4d]
const isFlag = (code: number) => code >= 0x1f1e6 && code <= 0x1f1ff
/** Vowels and finals of Korean syllables that are written in parts. */
const isJamoRest = (code: number) => code >= 0x1160 && code <= 0x11ff
const isTag = (code: number) => code >= 0xe0020 && code <= 0xe007f
const isMark = (code: number) =>
  code >= 0x300 &&
  (isJamoRest(code) ||
    isTag(code) ||
    (code >= 0x1f3fb && code <= 0x1f3ff) ||
    marks.test(String.fromCodePoint(code)))
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
  let last = first
  for (;;) {
    const code = text.codePointAt(at)
    if (code === undefined) return at
    const binds = BINDING.indexOf(last) >= 0 && code >> 7 === last >> 7
    if (!binds && code !== JOINER && !isMark(code) && !(last === JOINER && isPicture(code))) return at
    at += sizeOf(code)
    last = code
  }
}

/** Emoji and other pictures; those among the digits and letters are left out. */
const isPicture = (code: number) =>
  (code >= 0x1f000 && code <= 0x1faff) ||
  (code >= 0x2190 && code <= 0x2bff) ||
  code === 0x203c ||
  code === 0x2049 ||
  (code >= 0x3297 && code <= 0x3299) ||
  code === 0x3030 ||
  code === 0x303d

/** Whether a piece that comes later may still change the character at the end of `text`, from `start` on. */
export function mayGoOn(text: string, start: number): boolean {
  const first = text.codePointAt(start) ?? 0
  if (isFlag(first)) return text.length === start + 2
  const last = text.charCodeAt(text.length - 1)
  // Half of a pair; a joiner; pictures; scripts whose vowels and finals are marks.
  return (
    (last >= 0xd800 && last < 0xdc00) ||
    last === JOINER ||
    last === 13 ||
    isPicture(first) ||
    (first >= 0x900 && first <= 0x11ff)
  )
}

/**
 * The last place at or before `at`, and not before `from`, where no character is cut; `from` is such a place.
 * Where `isGrowing`, a character at the end of `text` that may still go on is not taken.
 */
export function graphemeFloor(text: string, from: number, at: number, isGrowing = false): number {
  let place = from
  while (place < at) {
    const next = graphemeEnd(text, place)
    if (next > at || (isGrowing && next === text.length && mayGoOn(text, place))) return place
    place = next
  }
  return place
}
