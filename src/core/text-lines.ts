export interface TextLines {
  /** Hands over each line that is complete, without its end: CR LF, LF or CR. */
  feed(text: string, line: (text: string) => void): void
  /** The line that has not ended yet. */
  readonly pending: string
}

/** The lines of a text that arrives in pieces. One byte order mark at its start is no part of it. */
export function createTextLines(): TextLines {
  let state: 'start' | 'in line' | 'after CR' = 'start'
  let pending = ''
  return {
    get pending() {
      return pending
    },
    feed(text, line) {
      if (text === '') return
      let from = 0
      if (state === 'start' && text.charCodeAt(0) === BYTE_ORDER_MARK) from = 1
      // A CR ends its line at once: waiting for an LF would hold an event back until the next one comes.
      if (state === 'after CR' && text.charCodeAt(0) === LF) from = 1
      state = 'in line'
      let lf = text.indexOf('\n', from)
      let cr = text.indexOf('\r', from)
      while (lf >= 0 || cr >= 0) {
        const end = lf < 0 || (cr >= 0 && cr < lf) ? cr : lf
        const whole = pending + text.slice(from, end)
        pending = ''
        from = end === cr && lf === cr + 1 ? end + 2 : end + 1
        if (end === cr && from === text.length && lf !== cr + 1) state = 'after CR'
        if (lf >= 0 && lf < from) lf = text.indexOf('\n', from)
        if (cr >= 0 && cr < from) cr = text.indexOf('\r', from)
        line(whole)
      }
      pending += text.slice(from)
    },
  }
}

const BYTE_ORDER_MARK = 0xfeff
const LF = 10
