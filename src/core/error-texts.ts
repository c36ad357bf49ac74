import { clientErrorTexts } from './client-error-texts.js'
import { cloudErrorTexts } from './cloud-error-texts.js'
import type { ErrorCode } from './error-codes.js'
import type { ErrorText } from './error-text.js'
import { serverErrorTexts } from './server-error-texts.js'

/** The sentences of every code. docs/errors.md is generated from this and from `error-codes.ts`. */
export const errorTexts: Readonly<Record<ErrorCode, ErrorText>> = {
  ...clientErrorTexts,
  ...cloudErrorTexts,
  ...serverErrorTexts,
}
