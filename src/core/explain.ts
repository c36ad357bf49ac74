import { forReaders } from './built-for.js'
import { clientErrorTexts } from './client-error-texts.js'
import type { ErrorCode } from './error-codes.js'
import type { ErrorText, ErrorTexts } from './error-text.js'
import { errorTexts } from './error-texts.js'

let known: ErrorTexts = forReaders ? clientErrorTexts : errorTexts

/** More sentences, of a part that not every build has. */
export function learnTexts(texts: ErrorTexts): void {
  known = { ...known, ...texts }
}

/** A server's own code that came without its sentence. */
const unknown: ErrorText = { why: 'The server refused.', fix: 'docs/errors.md says what the code means.' }

/** The sentences of a code. */
export const textOf = (code: ErrorCode): ErrorText => known[code] ?? unknown

/** What an error says where nothing more is known of it. */
export const explain = (code: ErrorCode): string => `${textOf(code).why} ${textOf(code).fix}`
