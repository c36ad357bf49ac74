/**
 * Bytes or text as a platform gives them; undefined for anything else. Buffers may be of another realm than ours: a
 * simulator that runs the app in a frame has its own `ArrayBuffer`, so nothing is asked by `instanceof`.
 */
export function bytesOf(data: unknown): Uint8Array | string | undefined {
  if (typeof data === 'string') return data
  if (ArrayBuffer.isView(data)) return new Uint8Array(data.buffer, data.byteOffset, data.byteLength)
  const kind = Object.prototype.toString.call(data)
  return kind === '[object ArrayBuffer]' || kind === '[object SharedArrayBuffer]'
    ? new Uint8Array(data as ArrayBuffer)
    : undefined
}
