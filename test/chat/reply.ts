import { vi } from 'vitest'
import type { ScriptedSource } from '../helpers/scripted-source.js'

/** Events of each connection so far: their numbers are dense. */
const counts = new WeakMap<object, number>()
export function event(source: ScriptedSource, data: string) {
  const seq = counts.get(source.last) ?? 0
  counts.set(source.last, seq + 1)
  source.event(`a_${seq}`, data)
}

export function put(source: ScriptedSource, ...chunks: object[]) {
  for (const chunk of chunks) event(source, JSON.stringify(chunk))
}

/** A whole answer. */
export async function reply(source: ScriptedSource, ...chunks: object[]) {
  source.open()
  put(source, ...chunks)
  event(source, '[DONE]')
  await vi.advanceTimersByTimeAsync(1)
}
