/** Decodes UTF-8 that arrives in pieces. `TextDecoder` is absent from mini-program and App logic layers. */
export interface Utf8Decoder {
  /** The characters that are complete so far. The chunk is not kept. */
  decode(chunk: Uint8Array): string
  /** What is left at the end: U+FFFD for a cut character, else nothing. Starts over. */
  end(): string
}

// String.fromCharCode takes its arguments on the stack; more than this overflows it on old JavaScriptCore.
const SLICE = 8192

/**
 * Like `new TextDecoder('utf-8', { ignoreBOM: true })` in stream mode: every maximal invalid prefix becomes one U+FFFD.
 * The BOM is left in: the SSE parser strips it, and other callers want their bytes.
 * @see https://encoding.spec.whatwg.org/#utf-8-decoder
 */
export function createUtf8Decoder(): Utf8Decoder {
  let point = 0
  let needed = 0
  let lower = 0x80
  let upper = 0xbf

  function decode(chunk: Uint8Array): string {
    let text = ''
    let units: number[] = []
    const put = (code: number) => {
      if (code > 0xffff) units.push(0xd800 + ((code - 0x10000) >> 10), 0xdc00 + ((code - 0x10000) & 0x3ff))
      else units.push(code)
    }
    for (let i = 0; i < chunk.length; i++) {
      if (units.length >= SLICE) {
        text += String.fromCharCode.apply(null, units)
        units = []
      }
      const byte = chunk[i] as number
      if (needed === 0) {
        if (byte < 0x80) units.push(byte)
        else if (byte >= 0xc2 && byte <= 0xdf) begin(byte & 0x1f, 1, 0x80, 0xbf)
        else if (byte >= 0xe0 && byte <= 0xef)
          begin(byte & 0x0f, 2, byte === 0xe0 ? 0xa0 : 0x80, byte === 0xed ? 0x9f : 0xbf)
        else if (byte >= 0xf0 && byte <= 0xf4)
          begin(byte & 0x07, 3, byte === 0xf0 ? 0x90 : 0x80, byte === 0xf4 ? 0x8f : 0xbf)
        else put(0xfffd)
      } else if (byte < lower || byte > upper) {
        needed = 0
        put(0xfffd)
        i-- // The byte that broke the character may begin the next one.
      } else {
        lower = 0x80
        upper = 0xbf
        point = (point << 6) | (byte & 0x3f)
        if (--needed === 0) put(point)
      }
    }
    return units.length ? text + String.fromCharCode.apply(null, units) : text
  }

  function begin(bits: number, more: number, low: number, high: number) {
    point = bits
    needed = more
    lower = low
    upper = high
  }

  function end(): string {
    const cut = needed > 0
    needed = 0
    return cut ? '\ufffd' : ''
  }

  return { decode, end }
}

/** Size of a text in UTF-8, in bytes. A lone surrogate counts as U+FFFD: 3 bytes. */
export function utf8Length(text: string): number {
  let bytes = text.length
  for (let i = 0; i < text.length; i++) {
    const unit = text.charCodeAt(i)
    if (unit < 0x80) continue
    if (unit < 0x800) bytes += 1
    else if (unit >= 0xd800 && unit < 0xdc00 && isLowSurrogate(text.charCodeAt(i + 1))) {
      bytes += 2 // A pair is 2 units and 4 bytes.
      i++
    } else bytes += 2
  }
  return bytes
}

const isLowSurrogate = (unit: number) => unit >= 0xdc00 && unit < 0xe000
