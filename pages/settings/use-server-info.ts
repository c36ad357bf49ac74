import { shallowRef, watch, type ShallowRef } from 'vue'
import { askServer, type ServerInfo } from '../ask-server'
import { demoServer } from '../demo-server'

/** What is known of the server that is chosen. */
export type ServerState =
  | { readonly kind: 'asking' }
  | { readonly kind: 'connected'; readonly info: ServerInfo; readonly tookMs: number }
  | { readonly kind: 'failed'; readonly why: string }

/** Asks the server who it is, and again when another is chosen. */
export function useServerInfo(): { readonly state: Readonly<ShallowRef<ServerState>>; ask(): void } {
  const state = shallowRef<ServerState>({ kind: 'asking' })
  let asked = 0

  function ask() {
    const now = ++asked
    const began = Date.now()
    state.value = { kind: 'asking' }
    const show = (next: ServerState) => {
      // Another was chosen meanwhile.
      if (now === asked) state.value = next
    }
    askServer<ServerInfo>('/api/info').then(
      (info) =>
        Array.isArray(info.models)
          ? show({ kind: 'connected', info, tookMs: Date.now() - began })
          : show({ kind: 'failed', why: '/api/info' }),
      (failure: Error) => show({ kind: 'failed', why: failure.message }),
    )
  }

  watch(demoServer, ask, { immediate: true })
  return { state, ask }
}
