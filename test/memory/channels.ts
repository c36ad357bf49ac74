/// <reference lib="es2021.weakref" />
// Run by channels.test.ts in a process of its own: node --expose-gc --import tsx. Prints what it measured as JSON.
import { effectScope } from 'vue'
import { createPinia } from 'pinia'
import { useChannelStore, useSSEChannel, type Source, type UseSSEChannelReturn } from '../../src/index.js'

declare const gc: () => void

const text = JSON.stringify({ type: 'text-delta', id: 't', delta: '好'.repeat(4000) })

/** Streams 20 events of 12 KB at once, then stays open: the channel is disposed with its connection live. */
const source: Source = {
  connect(_intent, observer) {
    observer.opened({ channelId: undefined })
    for (let i = 0; i < 20; i++) observer.event({ id: `a_${i}`, type: 'message', data: text })
    return () => undefined
  },
  canRead: () => true,
  stop: () => Promise.resolve(),
}

const held: UseSSEChannelReturn[] = []

async function use(): Promise<WeakRef<UseSSEChannelReturn>> {
  const scope = effectScope()
  const channel = scope.run(() => useSSEChannel({ source })) as UseSSEChannelReturn
  void channel.start('x')
  await Promise.resolve().then(() => undefined)
  if (channel.text.value.length !== 80_000) throw new Error(`nothing streamed: ${channel.text.value.length}`)
  scope.stop()
  // The control: what is held must show in the figures.
  if (process.argv.includes('--hold')) held.push(channel)
  return new WeakRef(channel)
}

/** Collects until none of these is left, or after so many rounds that what is left is held. */
async function collect(refs: readonly WeakRef<object>[] = []): Promise<number> {
  for (let round = 0; round < 5 || (round < 100 && refs.some((ref) => ref.deref())); round++) {
    // WeakRefs hold their targets until the turn is over.
    await new Promise((resolve) => setTimeout(resolve, 5))
    gc()
  }
  return process.memoryUsage().heapUsed
}

useChannelStore(createPinia())
for (let i = 0; i < 50; i++) await use()
const before = await collect()
const refs: WeakRef<UseSSEChannelReturn>[] = []
for (let i = 0; i < 200; i++) refs.push(await use())
const after = await collect(refs)
const alive = refs.filter((ref) => ref.deref() !== undefined).length
console.log(JSON.stringify({ alive, grownBytes: after - before, held: held.length }))
