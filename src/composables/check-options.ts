import { forUsers } from '../core/built-for.js'
import { ChannelError } from '../core/channel-error.js'
import type { UseSSEChannelOptions } from '../run/channel-settings.js'

const options: Readonly<Record<keyof UseSSEChannelOptions, true>> = {
  url: true,
  headers: true,
  withCredentials: true,
  source: true,
  key: true,
  keepMs: true,
  decoder: true,
  reconnect: true,
  timeouts: true,
  background: true,
}

/** Every name of an option. */
export const OPTION_NAMES: readonly string[] = Object.keys(options)

const BACKGROUNDS: readonly unknown[] = ['resume', 'keep', 'stop', undefined]

const isObject = (value: unknown): value is object => typeof value === 'object' && value !== null

/**
 * What plain JavaScript may get wrong, and what would fail late or be passed over in silence. In development: an app that
 * was built for its users has been tried.
 * @throws {ChannelError} BAD_OPTIONS
 */
export function checkOptions(given: UseSSEChannelOptions): void {
  if (forUsers) return
  const { key, keepMs, source, decoder, reconnect, timeouts, background } = given
  demand(
    key === undefined || (typeof key === 'string' && key !== ''),
    'key must be a string that is not empty; leave it out for a channel of this scope',
  )
  demand(
    keepMs === undefined || (typeof keepMs === 'number' && keepMs >= 0),
    'keepMs must be milliseconds from 0 on, or Infinity',
  )
  demand(
    source === undefined || (isObject(source) && typeof source.connect === 'function'),
    'source must be a Source, as httpSource() makes',
  )
  demand(
    // Called, a Decoder gives a function that takes an event.
    decoder === undefined || (typeof decoder === 'function' && decoder.length === 0),
    typeof decoder === 'string'
      ? `there is no decoder "${String(decoder)}" by name; import one, as openAIDecoder: docs/vendors.md lists them`
      : 'decoder must be a Decoder, as jsonDecoder, not called',
  )
  demand(BACKGROUNDS.includes(background), "background must be 'resume', 'keep' or 'stop'")
  for (const [name, group] of Object.entries({ reconnect, timeouts }))
    demand(group === undefined || isObject(group), `${name} must be an object`)
}

function demand(holds: boolean, rule: string) {
  if (!holds) throw new ChannelError('BAD_OPTIONS', `${rule}.`)
}
