import { forUni, forWeb } from '../core/built-for.js'
import { alwaysForeground, type Lifecycle } from '../core/lifecycle.js'
import { createUniLifecycle } from './uni-lifecycle.js'
import { webLifecycle } from './web-lifecycle.js'

let lifecycle: Lifecycle | undefined

/** The lifecycle of the platform we run on; one for the whole app. */
export function platformLifecycle(): Lifecycle {
  lifecycle ??= detect()
  return lifecycle
}

function detect(): Lifecycle {
  if (forWeb && typeof document === 'object' && typeof window === 'object') return webLifecycle
  if (forUni && typeof uni === 'object' && typeof uni.onAppShow === 'function') return createUniLifecycle()
  return alwaysForeground
}
