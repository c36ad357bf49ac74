import { getCurrentInstance, hasInjectionContext, inject } from 'vue'
import { forWeb } from '../core/built-for.js'
import { hasPage } from '../platform/has-page.js'
import type { Channel } from '../run/channel.js'

/** Vue's own key; not every platform's Vue exports it. @see https://vuejs.org/api/ssr.html#usessrcontext */
const ssrContextKey = Symbol.for('v-scx')

/**
 * Whether this runs for a page that is rendered to text on a server: in a setup, or before, in a plugin or a guard of the
 * router, where an app stands in a realm that has no page to show.
 */
export function isServerRendering(): boolean {
  if (!forWeb || !hasInjectionContext()) return false
  return inject<unknown>(ssrContextKey, undefined) !== undefined || (!getCurrentInstance() && !hasPage())
}

/**
 * A channel that sends nothing: what a setup starts on the server the page's own setup starts again, and would pay for
 * twice. And nothing there would end it: scopes of a server are not disposed.
 */
export function asleep(channel: Channel): Channel {
  const rest = () => Promise.resolve('stopped' as const)
  return { ...channel, start: rest, retry: rest, resume: rest }
}
