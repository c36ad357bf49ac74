/** What the server uses of Node's `Buffer`. */
export class Bytes extends Uint8Array {
  static override from(source: unknown): Bytes {
    return new Bytes(
      typeof source === 'string' ? new TextEncoder().encode(source) : (source as ArrayLike<number>),
    )
  }

  static concat(pieces: readonly Uint8Array[]): Bytes {
    const all = new Bytes(pieces.reduce((size, { length }) => size + length, 0))
    let at = 0
    for (const piece of pieces) {
      all.set(piece, at)
      at += piece.length
    }
    return all
  }

  static byteLength(text: string): number {
    return new TextEncoder().encode(text).length
  }

  override toString(encoding: 'utf8' | 'hex' | 'base64url' = 'utf8'): string {
    if (encoding === 'hex') return Array.from(this, (byte) => byte.toString(16).padStart(2, '0')).join('')
    if (encoding === 'utf8') return new TextDecoder().decode(this)
    return btoa(String.fromCharCode(...this))
      .replace(/\+/g, '-')
      .replace(/\//g, '_')
      .replace(/=+$/, '')
  }
}
