/**
 * From the show (or the network's return) to the first new character of an answer that went on meanwhile, over a
 * network with a round trip of 50 ms. The limit is 1.2 round trips + 20 ms at the median.
 */
import { WebSocket } from 'ws'
import { createAutoTransport } from '../src/transports/auto.js'
import { douyinTransport } from '../src/transports/douyin.js'
import { fetchTransport } from '../src/transports/fetch.js'
import { longPollTransport } from '../src/transports/long-poll.js'
import type { Transport } from '../src/transports/transport.js'
import { uniRequestTransport } from '../src/transports/uni-request.js'
import { webSocketTransport } from '../src/transports/web-socket.js'
import { installDouyin } from '../test/helpers/douyin.js'
import { eventually } from '../test/helpers/eventually.js'
import { FakeLifecycle } from '../test/helpers/fake-lifecycle.js'
import { installUni } from '../test/helpers/uni-request.js'
import { runSession } from '../test/transports/run-session.js'
import { rounded, type BenchResult, type Row } from './bench.js'
import { openApp, openPage, resumeScript } from './resume-hosts.js'
import { BEFORE, openLab, type Lab } from './resume-lab.js'
import { resumeAiSdk, resumeFetchEventSource } from './resume-peers.js'

const SAMPLES = 25

async function resumeOurs(lab: Lab, channelId: string, transport: Transport): Promise<number> {
  const lifecycle = new FakeLifecycle()
  let shownAt = 0
  let resumedMs = 0
  const run = runSession({
    base: lab.base,
    transport,
    channelId,
    lifecycle,
    read: true,
    onEvent() {
      if (shownAt > 0 && resumedMs === 0) resumedMs = performance.now() - shownAt
    },
  })
  await eventually('what was written before', () => run.text.includes(`旧${BEFORE - 1} `))
  lifecycle.tell('background')
  await lab.release(channelId)
  shownAt = performance.now()
  lifecycle.tell('foreground')
  await eventually('the first new delta', () => resumedMs > 0)
  run.session.leave()
  return resumedMs
}

async function sample(subject: string, lab: Lab, once: (channelId: string) => Promise<number>) {
  const times: number[] = []
  for (let i = 0; i < SAMPLES; i++) {
    const channelId = `bench-resume-${subject.replace(/\W/g, '')}-${i}`.padEnd(24, '0').slice(0, 60)
    const headers = {
      'content-type': 'application/json',
      accept: 'application/json',
      'x-channel-id': channelId,
    }
    await (await fetch(lab.base, { method: 'POST', headers, body: '{}' })).text()
    times.push(await once(channelId))
  }
  times.sort((a, b) => a - b)
  const at = (share: number) => times[Math.min(times.length - 1, Math.floor(times.length * share))] as number
  return { subject, median: at(0.5), p95: at(0.95) }
}

/** Where a transport exists only outside of Node, or behaves otherwise there. */
const hosts = [
  ['Chromium', openPage, ['fetch', 'xhr', 'event-source', 'web-socket', 'long-poll']],
  ['App', openApp, ['app-view']],
] as const

export default async function resume(): Promise<BenchResult> {
  const lab = await openLab(await resumeScript())
  const undo = [installUni(), installDouyin()]
  Object.assign(globalThis, { WebSocket })
  try {
    const roundTripMs = await lab.roundTripMs()
    const limitMs = 1.2 * roundTripMs + 20
    const ours: [name: string, transport: Transport][] = [
      ['fetch', fetchTransport],
      ['uni-request', uniRequestTransport],
      ['web-socket', webSocketTransport],
      ['long-poll', longPollTransport],
      ['douyin', douyinTransport],
      ['auto', createAutoTransport()],
    ]
    const figures = []
    for (const [name, transport] of ours)
      figures.push(await sample(name, lab, (channelId) => resumeOurs(lab, channelId, transport)))
    for (const [where, open, names] of hosts) {
      const host = await open(lab)
      for (const name of names)
        figures.push(await sample(`${name}, ${where}`, lab, (id) => host.resume(name, id)))
      await host.close()
    }
    const slowest = Math.max(...figures.map(({ median }) => median))
    figures.push(await sample('@microsoft/fetch-event-source', lab, (id) => resumeFetchEventSource(lab, id)))
    figures.push(await sample('@ai-sdk/vue', lab, (id) => resumeAiSdk(lab, id)))
    const rows: Row[] = [
      { subject: 'network', metric: 'round trip', value: rounded(roundTripMs), unit: 'ms' },
      { subject: 'network', metric: 'limit', value: rounded(limitMs), unit: 'ms' },
      ...figures.flatMap(({ subject, median, p95 }) => [
        { subject, metric: 'show to first new character, median', value: rounded(median), unit: 'ms' },
        { subject, metric: 'show to first new character, p95', value: rounded(p95), unit: 'ms' },
      ]),
    ]
    return { rows, ratios: { median_over_limit: rounded(slowest / limitMs) } }
  } finally {
    for (const each of undo) each()
    Reflect.deleteProperty(globalThis, 'WebSocket')
    await lab.close()
  }
}
