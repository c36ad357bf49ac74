import { computed, getCurrentInstance, isRef, onMounted, shallowRef } from 'vue'
import { forWeb } from '../core/built-for.js'

/** What a channel shows that does nothing. Kept apart from any channel: a page that is taken over shows this first. */
const IDLE: Readonly<Record<string, unknown>> = {
  messages: [],
  text: '',
  reasoning: '',
  parts: [],
  status: 'idle',
  connection: 'closed',
  channelId: '',
  received: 0,
  bytes: 0,
}

/**
 * The same functions and refs; but while this component takes over what a server has rendered, the refs show what they
 * showed there: a channel that does nothing. Whatever was started meanwhile is shown once the component is mounted.
 * @see https://vuejs.org/guide/scaling-up/ssr.html#hydration-mismatch
 */
export function whileHydrating<Shown extends object>(shown: Shown): Shown {
  if (!forWeb) return shown
  const instance = getCurrentInstance()
  // Before its first render only a component that is being hydrated has an element.
  if (!instance || instance.isMounted || !instance.vnode.el) return shown
  const isTaken = shallowRef(false)
  onMounted(() => (isTaken.value = true))
  const entries = Object.entries(shown).map(([name, value]: [string, unknown]) => {
    if (!isRef(value) || name === 'answer') return [name, value] as const
    return [name, computed(() => (isTaken.value ? value.value : IDLE[name]))] as const
  })
  return Object.fromEntries(entries) as Shown
}
