import { platformTransports } from 'uni-sse-channel'
import { computed, onUnmounted, shallowRef } from 'vue'
import { askServer, type ServerInfo } from '../ask-server'
import { demoServer } from '../demo-server'
import { deviceFacts, networkType } from './device-facts'
import { reportText } from './report-text'
import { tryTransport, type Trial } from './try-transport'

export type DiagnosticsState = 'running' | 'ended' | 'stopped'

/** Tries each transport that this platform has, one after the other, against the server that is chosen. */
export function useDiagnostics() {
  const state = shallowRef<DiagnosticsState>('stopped')
  const trials = shallowRef<readonly Trial[]>([])
  const facts = shallowRef(deviceFacts())
  const server = shallowRef('')
  const endedAt = shallowRef(new Date())
  let run = 0

  async function start() {
    const now = ++run
    const isOver = () => now !== run
    const address = demoServer()
    const transports = platformTransports()
      .filter((transport) => transport.isSupported())
      // Some stand in the order twice, for different platforms.
      .filter(({ name }, index, all) => all.findIndex((other) => other.name === name) === index)
    state.value = 'running'
    trials.value = transports.map(({ name }) => ({ name, state: 'waiting', checks: {} }))
    server.value = address || ownOrigin()
    const [network, reached] = await Promise.all([networkType(), reach(address)])
    if (isOver()) return
    facts.value = [...deviceFacts(), ['network', network]]
    server.value = `${address || ownOrigin()}, ${reached}`
    for (const [index, transport] of transports.entries()) {
      const put = (trial: Trial) => {
        if (isOver()) return
        trials.value = trials.value.map((other, at) => (at === index ? trial : other))
      }
      await tryTransport(transport, `${address}/api/chat`, put, isOver)
      if (isOver()) return
    }
    endedAt.value = new Date()
    state.value = 'ended'
  }

  function stop() {
    run++
    if (state.value === 'running') state.value = 'stopped'
  }
  onUnmounted(stop)

  const text = computed(() => reportText(facts.value, server.value, trials.value, endedAt.value))
  return { state, trials, facts, server, text, start, stop }
}

function ownOrigin(): string {
  // #ifdef H5
  return location.origin
  // #endif
  // #ifndef H5
  return ''
  // #endif
}

/** What the server says of itself, or why it can't be reached. */
async function reach(address: string): Promise<string> {
  const began = Date.now()
  try {
    const { node } = await askServer<ServerInfo>('/api/info', undefined, address)
    return `${Date.now() - began} ms, Node ${node}`
  } catch (thrown) {
    return (thrown as Error).message
  }
}
