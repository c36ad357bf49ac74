import type { Answer } from './answer.js'
import { fieldsOf, idOf, listOf, parsed, textOf } from './fields.js'

/**
 * Tool calls in the pieces of Chat Completions, and of all who imitate it. An id that comes with a name begins a call,
 * wherever it stands: many give all their calls the index 0, or none. Without an id it is the index that tells, then
 * the order. Some repeat id and name in each piece, some have arguments as objects, some give no id at all.
 */
export function createOpenAICalls({ tools }: Pick<Answer, 'tools'>) {
  /** The place that was spoken of last at an index; `last` is the place spoken of last of all. */
  const places = new Map<string, string>()
  const byId = new Map<string, string>()
  let last = ''
  let begun = 0

  function place(index: string, id: string, name: string): string {
    const there = places.get(index) ?? (index === '' ? last : '')
    if (id !== '') {
      if (tools.at(there)?.id === id) return there
      const known = byId.get(id) ?? ''
      const isHere = index === '' || name === '' || known.startsWith(`${index}/`)
      if (tools.at(known) && isHere) return known
      return name !== '' || !tools.at(there) ? begin(index, id, name) : there
    }
    const call = tools.at(there)
    if (!call) return begin(index, '', name)
    // A second whole call at the place of the first: it has a name again, and nothing was missing from the first.
    const isAnother = name !== '' && call.input !== '' && parsed(call.input) !== call.input
    return isAnother || (name !== '' && call.name !== '' && name !== call.name)
      ? begin(index, '', name)
      : there
  }

  function begin(index: string, id: string, name: string): string {
    const at = `${index}/${++begun}`
    const own = id === '' ? `call-${begun}` : id
    tools.begin(at, { id: tools.knows(own) ? `${own}-${begun}` : own, name })
    places.set(index, at)
    byId.set(id, at)
    return at
  }

  function add(index: string, id: string, name: string, input: unknown) {
    const at = place(index, id, name)
    last = at
    const call = tools.at(at)
    if (call && call.name === '' && name !== '') tools.begin(at, { id: call.id, name })
    const piece = typeof input === 'object' && input !== null ? JSON.stringify(input) : textOf(input)
    // Some repeat the whole input when all its pieces have come.
    const isAgain = piece !== '' && piece === call?.input && parsed(piece) !== piece
    if (!isAgain) tools.append(at, piece)
  }

  return {
    /** The field `tool_calls` of a delta or a message. */
    pieces(calls: unknown) {
      for (const one of listOf(calls)) {
        const { index, id, function: called, custom } = fieldsOf(one)
        const { name, arguments: input, parameters, input: text } = fieldsOf(called ?? custom ?? one)
        add(idOf(index), idOf(id), textOf(name), input ?? parameters ?? text)
      }
    },

    /** The field `function_call` of times before `tool_calls`: one call, without an id. */
    legacy(call: unknown) {
      if (typeof call !== 'object' || call === null) return
      const { name, arguments: input } = fieldsOf(call)
      add('function', '', textOf(name), input)
    },
  }
}
