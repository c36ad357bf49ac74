/** Bytes as one chunk of a chunked body, made once for all connections that are given the same bytes. */
const chunks = new WeakMap<Uint8Array, Buffer>()

const LINE_END = Buffer.from('\r\n')

export function chunkOf(bytes: Uint8Array): Buffer {
  let chunk = chunks.get(bytes)
  if (!chunk) {
    chunk = Buffer.concat([Buffer.from(`${bytes.length.toString(16)}\r\n`), bytes, LINE_END])
    chunks.set(bytes, chunk)
  }
  return chunk
}
