/**
 * The code of an error that Postgres itself gave, five letters or digits; '' where the connection failed. Codes of the
 * system look alike (`EPIPE`), and no class of Postgres begins with an E.
 * @see https://www.postgresql.org/docs/current/errcodes-appendix.html
 */
export function sqlStateOf(thrown: unknown): string {
  const code = (thrown as { readonly code?: unknown } | null | undefined)?.code
  return typeof code === 'string' && /^[0-9A-DF-Z][0-9A-Z]{4}$/.test(code) ? code : ''
}
