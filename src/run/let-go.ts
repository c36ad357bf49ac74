import type { Channel } from './channel.js'

const undos = new WeakMap<Channel, (() => void)[]>()

/** Calls once when the channel is removed from its store: for what listens to the app on behalf of the channel. */
export function onLetGo(channel: Channel, undo: () => void): void {
  undos.set(channel, [...(undos.get(channel) ?? []), undo])
}

/** The channel is removed: nothing outside holds it any more. Idempotent. */
export function letGo(channel: Channel): void {
  const all = undos.get(channel) ?? []
  undos.delete(channel)
  for (const undo of all) undo()
}
