import type { Source } from '../core/source.js'
import type { HttpSourceOptions } from '../transports/http-source.js'
import { whenKnown } from '../transports/when-known.js'
import { loadEngine, type Engine } from './load-engine.js'

/**
 * A source that connects once the engine is here, which begins to load now: when somebody starts a run it mostly is.
 * Where it can't be loaded nothing has left, and the session tries again, as after any connection that was not to be had.
 * @param given to be read from; without it, the server of these options
 */
export function laterSource(given: Source | undefined, options: HttpSourceOptions): Source {
  let made = given
  const real = ({ httpSource }: Engine) => (made ??= httpSource(options))
  const canStop = !given || given.stop !== undefined
  void Promise.resolve(loadEngine()).catch(() => undefined)

  return {
    connect: (intent, observer) =>
      whenKnown(loadEngine(), 'The part of this app that reads answers', observer, (engine) =>
        real(engine).connect(intent, observer),
      ),
    // As the server's would say, which is not there yet: it can be read on from where its channel has a name.
    canRead: (channelId, cursor) => (given ? given.canRead(channelId, cursor) : channelId !== ''),
    ...(canStop && { stop: async (channelId: string) => real(await loadEngine()).stop?.(channelId) }),
  }
}
