/** Headers whose values are no secrets: what an error says of them may be read. */
const open: ReadonlySet<string> = new Set(['accept', 'content-type', 'user-agent', 'accept-language'])

/** Shorter, it stands in too many words. */
const MIN_CHARS = 5

/**
 * Takes out of a text what must not leave the server: the values of the headers, with and without `Bearer` before
 * them, and of the address's query. Endpoints like to repeat the key that they refuse.
 */
export function secretsOf(url: string, headers: Readonly<Record<string, string>>): (text: string) => string {
  const values = Object.entries(headers)
    .filter(([name]) => !open.has(name.toLowerCase()))
    .flatMap(([, value]) => [value, value.replace(/^\S+\s+/, '')])
  const query = [...url.matchAll(/[?&][^=&#]*=([^&#]*)/g)].map(([, value]) => value ?? '')
  const password = /^\w+:\/\/[^/@]*:([^/@]*)@/.exec(url)?.[1] ?? ''
  const secrets = [...values, ...query, ...query.map(decoded), password]
    .filter((value) => value.length >= MIN_CHARS)
    .sort((a, b) => b.length - a.length)
  return (text) => secrets.reduce((rest, secret) => rest.split(secret).join('***'), text)
}

function decoded(value: string): string {
  try {
    return decodeURIComponent(value)
  } catch {
    return value
  }
}
