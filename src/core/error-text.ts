import type { ErrorCode } from './error-codes.js'

/** Why an error happens, and what to do about it. */
export interface ErrorText {
  readonly why: string
  readonly fix: string
}

export type ErrorTexts = Readonly<Partial<Record<ErrorCode, ErrorText>>>
