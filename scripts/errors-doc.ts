import { writeFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { errorCodes, factsOf, type Aftermath, type ErrorCode } from '../src/core/error-codes.js'
import { errorTexts } from '../src/core/error-texts.js'

const aftermaths: Readonly<Record<Aftermath, string>> = {
  alive: 'may still be going, if it had begun; retry() reads on where it can',
  lost: 'may still be going, but can not be read on; retry() stops it and asks again',
  over: 'is over; retry() asks again',
}

/** docs/errors.md, from the table of codes. */
export function errorsDoc(): string {
  const sections = (Object.keys(errorCodes) as ErrorCode[]).map((code) => {
    const { why, fix } = errorTexts[code]
    const { retryable, run, status } = factsOf(code)
    const answered = status === undefined ? '' : `**Status:** ${status}\n\n`
    return `## ${code}\n\n${why}\n\n**What to do:** ${fix}\n\n${answered}**Another try can help:** ${retryable ? 'yes' : 'no'}\n\n**The run:** ${aftermaths[run]}\n`
  })
  return `# Errors

Every failure is a \`ChannelError\`. Branch on its \`code\`: codes are permanent, messages are not. \`retryable\` says whether another try can help, \`status\` is the HTTP status where the server answered (NaN where the platform hides it), \`retryAfterMs\` the shortest wait the server asked for, \`cause\` the error underneath.

An app that was built for production says in its messages why, but not what to do: that is for who writes the app, and stands here.

Generated from \`src/core/error-codes.ts\` and \`error-texts.ts\` by \`npx tsx scripts/errors-doc.ts\`.

${sections.join('\n')}`
}

/** Where it is kept. */
export const errorsDocPath: string = fileURLToPath(new URL('../docs/errors.md', import.meta.url))

if (process.argv[1] === fileURLToPath(import.meta.url)) writeFileSync(errorsDocPath, errorsDoc())
