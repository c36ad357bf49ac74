/**
 * A black and white PNG, not compressed: what every platform shows as an image, without a canvas.
 * @param rows `true` is black
 * @param scale pixels of one bit, in each direction
 * @see https://www.w3.org/TR/png-3/
 */
export function pngOfBits(rows: readonly (readonly boolean[])[], scale: number): Uint8Array {
  const width = (rows[0]?.length ?? 0) * scale
  const height = rows.length * scale
  const stride = 1 + Math.ceil(width / 8)
  const pixels = new Uint8Array(stride * height)
  for (let y = 0; y < height; y++) {
    const row = rows[Math.floor(y / scale)] ?? []
    for (let x = 0; x < width; x++) {
      // 1 is white.
      if (row[Math.floor(x / scale)]) continue
      const at = y * stride + 1 + (x >> 3)
      pixels[at] = (pixels[at] ?? 0) | (0x80 >> (x & 7))
    }
  }
  const head = [...number(width), ...number(height), 1, 0, 0, 0, 0]
  return join([
    [0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a],
    chunk('IHDR', head),
    chunk('IDAT', stored(pixels)),
    chunk('IEND', []),
  ])
}

type Bytes = ArrayLike<number>

const number = (value: number) => [value >>> 24, (value >>> 16) & 255, (value >>> 8) & 255, value & 255]

function join(pieces: readonly Bytes[]): Uint8Array {
  const all = new Uint8Array(pieces.reduce((size, { length }) => size + length, 0))
  let at = 0
  for (const piece of pieces) {
    all.set(piece, at)
    at += piece.length
  }
  return all
}

function chunk(type: string, data: Bytes): Uint8Array {
  const body = join([[...type].map((letter) => letter.charCodeAt(0)), data])
  return join([number(data.length), body, number(crc32(body))])
}

/** A zlib stream of blocks that are not compressed. */
function stored(data: Uint8Array): Uint8Array {
  const LIMIT = 65_535
  const pieces: Bytes[] = [[0x78, 0x01]]
  for (let at = 0; at < data.length; at += LIMIT) {
    const block = data.subarray(at, at + LIMIT)
    const { length } = block
    const isLast = at + LIMIT >= data.length ? 1 : 0
    pieces.push([isLast, length & 255, length >> 8, ~length & 255, (~length >> 8) & 255], block)
  }
  return join([...pieces, number(adler32(data))])
}

function adler32(data: Uint8Array): number {
  let [a, b] = [1, 0]
  for (const byte of data) {
    a = (a + byte) % 65_521
    b = (b + a) % 65_521
  }
  return ((b << 16) | a) >>> 0
}

function crc32(data: Uint8Array): number {
  let crc = ~0
  for (const byte of data) {
    crc ^= byte
    for (let bit = 0; bit < 8; bit++) crc = crc & 1 ? (crc >>> 1) ^ 0xedb88320 : crc >>> 1
  }
  return ~crc >>> 0
}
