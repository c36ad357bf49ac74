import { ChannelError } from '../../core/channel-error.js'

const DEFAULT_PORTS: Readonly<Record<string, string>> = { http: ':80', ws: ':80', https: ':443', wss: ':443' }

/** What browsers call the origin of a page that is none of a server's: of a file, a sandbox, a `data:` address. */
const NO_ORIGIN = 'null'

/** A host as browsers write it in an origin of this scheme: in lower case, without the port that goes without saying. */
function plainHost(host: string, scheme: string): string {
  const port = DEFAULT_PORTS[scheme]
  const plain = host.trim().toLowerCase()
  return port && plain.endsWith(port) ? plain.slice(0, -port.length) : plain
}

function partsOf(origin: string): readonly [scheme: string, host: string] | undefined {
  const [, scheme, host] = /^([a-z][a-z0-9+.-]*):\/\/([^/?#@\s]*)\/?$/i.exec(origin.trim()) ?? []
  return scheme === undefined || host === undefined ? undefined : [scheme.toLowerCase(), host]
}

/** An origin as browsers write it; as it came where it is none. */
export function plainOrigin(origin: string): string {
  const parts = partsOf(origin)
  return parts ? `${parts[0]}://${plainHost(parts[1], parts[0])}` : origin
}

/** Whether a page of this origin came from this host, as a request names it. */
export function isOfHost(origin: string, host: string | undefined): boolean {
  const parts = partsOf(origin)
  if (!parts || parts[1] === '' || host === undefined) return false
  return plainHost(parts[1], parts[0]) === plainHost(host, parts[0])
}

/** @throws {ChannelError} BAD_OPTIONS: what is listed could never be met */
export function checkOrigins(origins: readonly string[]): readonly string[] {
  for (const origin of origins)
    if (origin !== NO_ORIGIN && !partsOf(origin))
      throw new ChannelError(
        'BAD_OPTIONS',
        `cors lists ${JSON.stringify(origin)}, which is no origin. Write https://app.example.com, or '*' without a list for all.`,
      )
  return origins.map(plainOrigin)
}
