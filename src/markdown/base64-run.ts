// Characters of base64 that an address may hold: 192 KB of an image.
const most = 1 << 18

/** `text` without the bytes in its addresses. */
export const withoutBytes = (text: string) => text.replace(/;base64,[a-z0-9+/=\ufffd]*/gi, '')

/** The address with bytes in it that `text` begins with, or the beginning of one. */
export function bytesAddress(text: string): string | undefined {
  const found = /^data:(?:[^\s,()<>"']{0,80}?;base64,[a-z0-9+/=\ufffd]*|[^\s,()<>"']{0,80}$)/i.exec(text)
  return found ? found[0] : undefined
}

/** Bytes at the end of a text that waits: they are not looked at one by one, and only so many are kept. */
export class Base64Run {
  private count = -1

  get isOpen(): boolean {
    return this.count >= 0
  }

  reset(): void {
    this.count = -1
  }

  /** Looks whether a run ends `waiting`. */
  begin(waiting: string): void {
    const at = waiting.lastIndexOf(';base64,')
    if (at < 0) return
    const run = waiting.slice(at + 8)
    if (/^[a-z0-9+/=]*$/i.test(run)) this.count = run.length
  }

  /** How much of `text` goes on with the run, and what of it is kept; a mark that no address has tells that some is not. */
  take(text: string): { readonly length: number; readonly kept: string } {
    const { length } = (/^[a-z0-9+/=]*/i.exec(text) as RegExpExecArray)[0]
    const room = Math.max(0, most - this.count)
    const isFull = this.count <= most && this.count + length > most
    this.count += length
    if (length < text.length) this.count = -1
    return { length, kept: text.slice(0, Math.min(room, length)) + (isFull ? '\ufffd' : '') }
  }
}
