import { parseArgs } from 'node:util'
import { LEVELS, type Level } from './conformance-case.js'
import type { ConformanceOptions } from './run-conformance.js'

export const USAGE = `Usage: uni-sse-channel conformance ADDRESS [options]

Holds a server against docs/protocol.md and says which level it reaches:
${LEVELS.join(', ')}. It starts three answers of the server's model and
stops one of them.

  --body JSON            what makes the server answer
                         (default: a prompt for three paragraphs)
  --header 'NAME: VALUE' sent with every request, for example credentials
  --other-header '…'     the same for another user, who must get at nothing
  --level LEVEL          exit with 1 below this level (default: ${LEVELS[LEVELS.length - 1]})
  --timeout SECONDS      for one answer (default: 60; all together five times that)
  --json                 print the result as JSON

Exit codes: 0 the level is reached, 1 it is not, 2 the command is wrong.
`

const BODY = JSON.stringify({ prompt: 'Explain in three paragraphs how a stream survives a lost network.' })

export type Command =
  | {
      readonly kind: 'run'
      readonly options: ConformanceOptions
      readonly level: Level
      readonly print: 'text' | 'json'
    }
  | { readonly kind: 'help' }
  | { readonly kind: 'wrong'; readonly why: string }

/** @param args behind `conformance` */
export function parseCommand(args: readonly string[]): Command {
  try {
    return readCommand(args)
  } catch (error) {
    return { kind: 'wrong', why: error instanceof Error ? error.message : String(error) }
  }
}

function readCommand(args: readonly string[]): Command {
  const { values, positionals } = parseArgs({
    args: [...args],
    allowPositionals: true,
    options: {
      body: { type: 'string', default: BODY },
      header: { type: 'string', multiple: true },
      'other-header': { type: 'string', multiple: true },
      level: { type: 'string', default: 'guarded' },
      timeout: { type: 'string', default: '60' },
      json: { type: 'boolean', default: false },
      help: { type: 'boolean', short: 'h', default: false },
    },
  })
  if (values.help || positionals.length === 0) return { kind: 'help' }
  const [url = '', ...rest] = positionals
  if (!/^https?:\/\/[^/]/i.test(url) || rest.length > 0)
    throw new Error('Give one address: http://… or https://…')
  new URL(url)
  const level = LEVELS.find((each) => each === values.level)
  if (!level) throw new Error(`--level is one of ${LEVELS.join(', ')}.`)
  const seconds = Number(values.timeout)
  if (!(seconds >= 1 && seconds <= 600)) throw new Error('--timeout takes 1 to 600 seconds.')
  JSON.parse(values.body ?? '')
  const { header, 'other-header': otherHeader } = values
  const options: ConformanceOptions = {
    url,
    body: values.body ?? '',
    answerMs: seconds * 1000,
    totalMs: seconds * 5000,
    ...(header && { headers: headersOf(header) }),
    ...(otherHeader && { otherHeaders: headersOf(otherHeader) }),
  }
  return { kind: 'run', options, level, print: values.json ? 'json' : 'text' }
}

function headersOf(lines: readonly string[]): Record<string, string> {
  const pairs = lines.map((line) => {
    const [, name, value] = /^([!#$%&'*+.^_`|~0-9A-Za-z-]+):\s*(.*)$/.exec(line) ?? []
    if (name === undefined || value === undefined) throw new Error(`A header is "name: value", not ${line}`)
    return [name.toLowerCase(), value] as const
  })
  return Object.fromEntries(pairs)
}
