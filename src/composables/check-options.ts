import { ChannelError } from '../core/channel-error.js'
import type { UseSSEChannelOptions } from './use-sse-channel.js'

/** Every name of an option. */
export const OPTION_NAMES: readonly (keyof UseSSEChannelOptions)[] = [
  'url',
  'headers',
  'source',
  'key',
  'decoder',
  'reconnect',
  'timeouts',
  'background',
]

const BACKGROUNDS: readonly unknown[] = ['resume', 'keep', 'stop', undefined]

const isObject = (value: unknown): value is object => typeof value === 'object' && value !== null

/**
 * What plain JavaScript may get wrong, and what would fail late or be passed over in silence.
 * @throws {ChannelError} BAD_OPTIONS
 */
export function checkOptions(options: UseSSEChannelOptions): void {
  const { key, source, decoder, reconnect, timeouts, background } = options
  demand(
    key === undefined || (typeof key === 'string' && key !== ''),
    'key must be a string that is not empty; leave it out for a channel of this scope',
  )
  demand(
    source === undefined || (isObject(source) && typeof source.connect === 'function'),
    'source must be a Source, as httpSource() makes',
  )
  demand(
    // Called, a Decoder gives a function that takes an event.
    decoder === undefined || (typeof decoder === 'function' && decoder.length === 0),
    'decoder must be a Decoder, as jsonDecoder, not called',
  )
  demand(BACKGROUNDS.includes(background), "background must be 'resume', 'keep' or 'stop'")
  for (const [name, group] of Object.entries({ reconnect, timeouts }))
    demand(group === undefined || isObject(group), `${name} must be an object`)
}

function demand(holds: boolean, rule: string) {
  if (!holds) throw new ChannelError('BAD_OPTIONS', `${rule}.`)
}
