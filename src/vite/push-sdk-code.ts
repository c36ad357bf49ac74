/** The files in which @dcloudio/uni-push publishes its socket SDK. */
export function isPushSdk(file: string): boolean {
  return /@dcloudio\/uni-push\/dist\/uni-push(\.mp)?\.es\.js$/.test(file)
}

/** Texts of the SDK that the guard's behaviour depends on; older SDKs lack them. */
const KNOWN_BY = [
  'already connected',
  'connection limit reached',
  'once a second',
  'network is not available',
]

/** Calls of the platform that go through the port, each exactly once in the SDK. */
const GUARDED_CALLS = ['connectSocket', 'getNetworkType', 'onNetworkStatusChange']

const PORT = '__uniSseChannelPort'

export const isTied = (code: string): boolean => code.includes(PORT)

/**
 * The SDK's code, tied to the port.
 * @param portModule path that the code may import
 * @param name of the SDK with its version, for the error
 * @throws {Error} when the SDK is not the known one
 */
export function tieToPort(code: string, portModule: string, name: string): string {
  for (const text of KNOWN_BY) if (!code.includes(text)) throw unknown(name, `it does not contain "${text}"`)
  const adopted = replaceOnce(code, /GtPush\.init\(\{/g, `${PORT}.adopt(GtPush).init({`, name)
  // `uni` stays written in this file: on H5 each call becomes an import of its own, and on mini-programs the port
  // must not touch `uni`, which lives in a chunk that imports this one.
  const guarded = GUARDED_CALLS.reduce(
    (text, call) =>
      replaceOnce(
        text,
        new RegExp(`(?<![\\w.])uni\\.${call}\\(`, 'g'),
        `${PORT}.${call}((...a) => uni.${call}(...a), `,
        name,
      ),
    adopted,
  )
  return `import { pushPort as ${PORT} } from ${JSON.stringify(portModule)};\n${guarded}`
}

function replaceOnce(code: string, anchor: RegExp, replacement: string, name: string): string {
  const count = code.match(anchor)?.length ?? 0
  if (count !== 1) throw unknown(name, `${anchor.source} occurs ${count} times instead of once`)
  return code.replace(anchor, () => replacement)
}

function unknown(name: string, why: string): Error {
  return new Error(
    `uni-sse-channel: ${name} is not supported: ${why}. Update uni-sse-channel, or use a version of uni-push it supports.`,
  )
}
