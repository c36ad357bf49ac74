/**
 * Bytes that cross to the view of a mini-program while an answer streams, as a multiple of the text's own:
 * the compiled component in the host, one flush every 20 characters, every `setData` of every component and
 * page counted. `string` is the plain `:content="text"`, of which the build makes a getter; `rendered` is what it
 * costs where nothing does. Beside the two usual strategies, built as small pages.
 */
import { createMiniProgram } from '../test/hosts/mini-program/create-mini-program.js'
import { buildWithComponents } from '../test/streaming-text/build-app.js'
import { rounded, type BenchResult, type Row } from './bench.js'
import { corpora, piecesOf } from './play-pieces.js'

/** Twice what the component waits between two flushes, so that every piece is one. */
const EVERY_MS = 100
const SPEED = 25

/** Bytes do not depend on the pace, so the wait is not worth having: all clocks run faster. */
function speedUp(): () => void {
  const { setTimeout: realTimeout, setInterval: realInterval } = globalThis
  const realNow = Date.now
  const begun = performance.now()
  const began = realNow()
  Date.now = () => began + (performance.now() - begun) * SPEED
  const scaled = (real: typeof setTimeout) =>
    ((run: () => void, ms = 0, ...rest: []) => real(run, ms / SPEED, ...rest)) as typeof setTimeout
  globalThis.setTimeout = scaled(realTimeout)
  globalThis.setInterval = scaled(
    realInterval as unknown as typeof setTimeout,
  ) as unknown as typeof setInterval
  return () => {
    globalThis.setTimeout = realTimeout
    globalThis.setInterval = realInterval
    Date.now = realNow
  }
}

async function play(folder: string, page: string, pieces: readonly string[]) {
  const app = createMiniProgram(folder, { storage: { play: { pieces, everyMs: EVERY_MS } } })
  const before = process.cpuUsage()
  const realTime = speedUp()
  try {
    await app.start(`pages/${page}/${page}`)
    await app.waitFor(() => /play--done/.test(app.find('.play').className), { timeoutMs: 90_000 })
    await new Promise((resolve) => setTimeout(resolve, 1000))
    const { user, system } = process.cpuUsage(before)
    if (app.errors.length) throw new Error(app.errors.join('\n'))
    return { stats: app.setDataStats(), cpuMs: (user + system) / 1000 }
  } finally {
    realTime()
    await app.close()
  }
}

export default async function setData(): Promise<BenchResult> {
  const folder = await buildWithComponents('bench/app', 'mp-weixin')
  const rows: Row[] = []
  const ratios: Record<string, number> = {}
  for (const [name, text] of Object.entries(corpora)) {
    // What sends everything at every piece gets less of it, or it would take minutes.
    for (const [page, kilobytes] of [
      ['getter', 27],
      ['string', 27],
      ['rendered', 27],
      ['tokens', 9],
      ['html', 9],
    ] as const) {
      const pieces = piecesOf(text, kilobytes, 20)
      const bytes = Buffer.byteLength(pieces.join(''))
      const { stats, cpuMs } = await play(folder, page, pieces)
      const units = stats.byComponent['components/streaming-text/log-unit']
      if (units && units.calls < pieces.length * 0.5)
        throw new Error(`pieces were joined: ${units.calls} of ${pieces.length}`)
      const ratio = rounded(stats.bytes / bytes)
      rows.push({
        subject: page,
        metric: `bytes_${name}`,
        value: ratio,
        unit: `× ${Math.round(bytes / 1024)} KB`,
      })
      rows.push({ subject: page, metric: `calls_${name}`, value: stats.calls, unit: `for ${pieces.length}` })
      rows.push({ subject: page, metric: `cpu_${name}`, value: cpuMs, unit: 'ms, view included' })
      if (page === 'getter') ratios[`bytes_${name}`] = ratio
      if (page === 'string') ratios[`bytes_${name}_string`] = ratio
    }
  }
  return { rows, ratios }
}
