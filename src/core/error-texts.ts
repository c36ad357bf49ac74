import { clientErrorCures } from './client-error-cures.js'
import { clientErrorReasons } from './client-error-reasons.js'
import { cloudErrorTexts } from './cloud-error-texts.js'
import type { ErrorCode } from './error-codes.js'
import type { ErrorText } from './error-text.js'
import { serverErrorTexts } from './server-error-texts.js'

type ClientCode = keyof typeof clientErrorReasons

const clientErrorTexts = Object.fromEntries(
  (Object.keys(clientErrorReasons) as ClientCode[]).map((code) => [
    code,
    { why: clientErrorReasons[code], fix: clientErrorCures[code] },
  ]),
) as Record<ClientCode, ErrorText>

/** The sentences of every code, for documents. docs/errors.md is generated from this and from `error-codes.ts`. */
export const errorTexts: Readonly<Record<ErrorCode, ErrorText>> = {
  ...clientErrorTexts,
  ...cloudErrorTexts,
  ...serverErrorTexts,
}
