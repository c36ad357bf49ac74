import { writeFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { errorCodes } from '../src/core/error-codes.js'

/** docs/errors.md, from the table of codes. */
export function errorsDoc(): string {
  const sections = Object.entries(errorCodes).map(
    ([code, { retryable, why, fix }]) =>
      `## ${code}\n\n${why}\n\n**What to do:** ${fix}\n\n**Another try can help:** ${retryable ? 'yes' : 'no'}\n`,
  )
  return `# Errors

Every failure is a \`ChannelError\`. Branch on its \`code\`: codes are permanent, messages are not. \`retryable\` says whether another try can help, \`status\` is the HTTP status where the server answered (NaN where the platform hides it), \`retryAfterMs\` the shortest wait the server asked for, \`cause\` the error underneath.

Generated from \`src/core/error-codes.ts\` by \`npx tsx scripts/errors-doc.ts\`.

${sections.join('\n')}`
}

/** Where it is kept. */
export const errorsDocPath: string = fileURLToPath(new URL('../docs/errors.md', import.meta.url))

if (process.argv[1] === fileURLToPath(import.meta.url)) writeFileSync(errorsDocPath, errorsDoc())
