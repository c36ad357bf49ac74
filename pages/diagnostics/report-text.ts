import type { Trial } from './try-transport'

/** What the page has found, as text: short enough for a QR code, in English for whoever helps. */
export function reportText(
  facts: readonly (readonly [name: string, value: string])[],
  server: string,
  trials: readonly Trial[],
  at: Date,
): string {
  return [
    `uni-sse-channel diagnostics, ${at.toISOString().slice(0, 16).replace('T', ' ')} UTC`,
    ...facts.map(([name, value]) => `${name}: ${value}`),
    `server: ${server}`,
    ...trials.map(line),
  ].join('\n')
}

function line({ name, state, checks, firstMs, wholeMs, events, pieces, why }: Trial): string {
  const failed = Object.entries(checks)
    .filter(([, holds]) => !holds)
    .map(([check]) => check)
  const times =
    events === undefined
      ? ''
      : `, first ${firstMs} ms, all ${wholeMs} ms, ${events} events in ${pieces} piece${pieces === 1 ? '' : 's'}`
  const faults = failed.length ? `, not: ${failed.join(' ')}` : ''
  return `${name}: ${state}${times}${faults}${why ? `, ${why}` : ''}`
}
