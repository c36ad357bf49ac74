import { forReaders, forUsers, withSentences } from './built-for.js'
import { clientErrorCures } from './client-error-cures.js'
import { clientErrorReasons } from './client-error-reasons.js'
import { cloudErrorTexts } from './cloud-error-texts.js'
import type { ErrorCode } from './error-codes.js'
import type { ErrorText, ErrorTexts } from './error-text.js'
import { serverErrorTexts } from './server-error-texts.js'

/** Of codes that a client alone does not come to. */
let others: ErrorTexts = forReaders ? {} : { ...cloudErrorTexts, ...serverErrorTexts }

/** More sentences, of a part that not every build has. */
export function learnTexts(texts: ErrorTexts): void {
  others = { ...others, ...texts }
}

/** A server's own code that came without its sentence. */
const unknown: ErrorText = { why: 'The server refused.', fix: 'docs/errors.md says what the code means.' }

const isClients = (code: ErrorCode): code is keyof typeof clientErrorReasons => code in clientErrorReasons

/** The sentences of a code, or the code itself. In an app that was built for production what to do is left to docs/errors.md. */
export function textOf(code: ErrorCode): ErrorText {
  if (!withSentences) return { why: code, fix: '' }
  if (!isClients(code)) return others[code] ?? unknown
  return { why: clientErrorReasons[code], fix: forUsers ? '' : clientErrorCures[code] }
}

/** What an error says where nothing more is known of it. */
export function explain(code: ErrorCode): string {
  const { why, fix } = textOf(code)
  return `${why} ${fix}`.trim()
}
