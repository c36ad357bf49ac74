/**
 * The code of an error that Postgres itself gave, five letters or digits; '' where the connection failed. Codes of the
 * system look alike (`EPIPE`), and no class of Postgres begins with an E.
 * @see https://www.postgresql.org/docs/current/errcodes-appendix.html
 */
export function sqlStateOf(thrown: unknown): string {
  const code = (thrown as { readonly code?: unknown } | null | undefined)?.code
  return typeof code === 'string' && /^[0-9A-DF-Z][0-9A-Z]{4}$/.test(code) ? code : ''
}

/** Postgres ends, begins, is a standby, or was told to leave it; two calls stood in each other's way. Nothing was done. */
const UNDONE = /^(0800[14]|57|25006|40|53300|55P03)/

/** The same, or the connection broke: what became of the call is not known. */
const LATER = new RegExp(`^08|${UNDONE.source}`)

/** Whether to ask again may help. */
export const isForLater = (sqlState: string): boolean => LATER.test(sqlState)

/** Whether nothing can have been done: Postgres said so, or was not reached at all. */
export function isNotDone(thrown: unknown): boolean {
  const { syscall } = (thrown ?? {}) as { readonly syscall?: unknown }
  return UNDONE.test(sqlStateOf(thrown)) || syscall === 'connect' || syscall === 'getaddrinfo'
}
