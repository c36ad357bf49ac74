import { effectScope, watch, type EffectScope } from 'vue'
import { DIALS, type Dial } from '../development/tell-dial.js'
import type { Channel } from '../run/channel.js'
import type { ChannelStore } from '../stores/channels.js'
import type { Observation, ObservationKind } from './channel-observation.js'

/** What comes is told this often at most, in milliseconds: an answer has thousands of events. */
const PROGRESS_MS = 1_000

/**
 * Tells what happens to every channel of a store, from now on.
 * @param now milliseconds since 1970
 * @returns its undo
 */
export function watchChannels(
  store: ChannelStore,
  hear: (observation: Observation) => void,
  now: () => number = Date.now,
): () => void {
  const watched = new Map<string, { readonly channel: Channel; readonly scope: EffectScope }>()
  const all = effectScope(true)

  function follow(key: string, channel: Channel) {
    const scope = effectScope(true)
    watched.set(key, { channel, scope })
    let attempt = 0
    let receivedBefore = 0
    let toldAt = 0

    function tell(kind: ObservationKind, value: string, detail?: object) {
      const { status, connection, received, bytes, startedAt, cursor, error, channelId } = channel
      hear({
        kind,
        at: now(),
        key,
        value,
        channelId: channelId.value,
        attempt,
        summary: {
          status: status.value,
          connection: connection.value,
          received: received.value,
          bytes: bytes.value,
          startedAt: startedAt.value,
          cursor: cursor.value,
          error: error.value,
        },
        ...(detail && { detail }),
      })
    }

    scope.run(() => {
      // At once: a state that lasts no longer than a turn is one, too.
      const options = { flush: 'sync' } as const
      watch(channel.status, (status) => tell('status', status), options)
      watch(
        channel.connection,
        (connection) => {
          if (connection === 'connecting') {
            attempt = channel.received.value !== receivedBefore ? 1 : attempt + 1
            receivedBefore = channel.received.value
          }
          if (connection === 'closed') attempt = 0
          tell('connection', connection)
        },
        options,
      )
      watch(channel.error, (error) => error && tell('error', error.code, { message: error.message }), options)
      watch(
        channel.received,
        (received) => {
          if (received === 0 || now() - toldAt < PROGRESS_MS) return
          toldAt = now()
          tell('progress', String(received))
        },
        options,
      )
    })
    return tell
  }

  const tellers = new Map<string, ReturnType<typeof follow>>()
  all.run(() =>
    watch(
      () => store.channels.map(({ key }) => key),
      (keys) => {
        for (const [key, { channel, scope }] of watched)
          if (store.get(key) !== channel) {
            scope.stop()
            watched.delete(key)
            tellers.delete(key)
          }
        for (const key of keys) {
          const channel = store.get(key)
          if (channel && !watched.has(key)) tellers.set(key, follow(key, channel))
        }
      },
      { immediate: true, flush: 'sync' },
    ),
  )

  const undoDials = hearDials((dial) => {
    for (const [key, { channel }] of watched)
      if (channel.channelId.value !== '' && channel.channelId.value === dial.channelId)
        tellers.get(key)?.('dial', dial.transport, dial)
  })

  return () => {
    undoDials()
    all.stop()
    for (const { scope } of watched.values()) scope.stop()
    watched.clear()
  }
}

function hearDials(hear: (dial: Dial) => void): () => void {
  const place = globalThis as Record<string, unknown>
  const former = place[DIALS]
  // When a run begins its id is shown after the request has left.
  place[DIALS] = (dial: Dial) => void Promise.resolve().then(() => hear(dial))
  return () => {
    place[DIALS] = former
  }
}
