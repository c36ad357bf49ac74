// As DeepSeek, Qwen, Claude, Gemini, Open WebUI, Seed and MiniMax write them …
const names = [
  'think',
  'thinking',
  'thought',
  'thoughts',
  'reason',
  'reasoning',
  'seed:think',
  'mm:think',
  'antthinking',
  'ant_thinking',
]
// … and as Kimi, Mistral, Cohere, OpenThinker, Gemma and gpt-oss do, whose final message has a mark of its own.
const openings = [
  '◁think▷',
  '[think]',
  '<|start_thinking|>',
  '<|begin_of_thought|>',
  '<|channel|>analysis<|message|>',
  '<|channel>thought',
]
const closings = [
  '◁/think▷',
  '[/think]',
  '<|end_thinking|>',
  '<|end_of_thought|>',
  '<|begin_of_solution|>',
  '<|end_of_solution|>',
  '<|end|>',
  '<|start|>assistant',
  '<|channel|>final<|message|>',
  '<|return|>',
  '<|start_response|>',
  '<|end_response|>',
  '<channel|>',
]

const literal = (tags: readonly string[]) => tags.map((one) => one.replace(/[[\]|]/g, '\\$&')).join('|')
const tag = `(?:${names.join('|')})(?:\\s[^<>]{0,200})?/?>`
const atStart = new RegExp(`^(?:<${tag}|${literal(openings)}|(</${tag}|${literal(closings)}))`, 'i')

/** The tag that ends a reasoning section, whichever opened it. */
export const reasoningEnd = new RegExp(`</${tag}|${literal(closings)}`, 'i')

/** The reasoning tag that `text` begins with, and whether it opens a section. */
export function reasoningTag(text: string): { readonly tag: string; readonly opens: boolean } | undefined {
  const found = atStart.exec(text)
  // `[think]` is the text of a link.
  if (!found || /^\[\/?think/.test(found[0])) return undefined
  return { tag: found[0], opens: !found[1] && !/\/>$/.test(found[0]) }
}

const ahead = new RegExp(`^\\s*(?:(?:<${tag}|${literal(openings)})[^]*?)?(?:${reasoningEnd.source})\\s*`, 'i')

/** An answer as its model wrote it, without the reasoning before it, however its tags are spelt. */
export function withoutReasoning(text: string): string {
  const rest = text.replace(ahead, '')
  return rest === text ? text : withoutReasoning(rest)
}

const closers = names.map((name) => `</${name}`).concat(closings)
const every = names.map((name) => `<${name}`).concat(openings, closers)

/** Whether `text` may be the beginning of a reasoning tag; of one that ends a section, if it `closes`. */
export function beginsReasoningTag(text: string, closes = false): boolean {
  const begun = text.toLowerCase()
  if ((closes ? closers : every).some((one) => one.indexOf(begun) === 0)) return true
  const found = /^<(\/?)([a-z:_]+)(?:\s[^<>]{0,200}|\/)$/.exec(begun)
  return !!found && (!closes || !!found[1]) && names.indexOf(found[2] as string) >= 0
}
