import { ChannelError } from '../../core/channel-error.js'
import { checkJsonType, parseJson, type BodyLimits } from './read-body.js'

/** As `readJson`, of a `Request`. */
export const readWebJson =
  (request: Request) =>
  async (limits: BodyLimits): Promise<unknown> => {
    checkJsonType(request.headers.get('content-type'), request.headers.get('content-encoding'))
    return parseJson(await readBytes(request, limits))
  }

async function readBytes(request: Request, { maxBytes, timeoutMs }: BodyLimits): Promise<Buffer> {
  if (Number(request.headers.get('content-length') ?? 0) > maxBytes) throw new ChannelError('BODY_TOO_LARGE')
  const reader = request.body?.getReader()
  const chunks: Uint8Array[] = []
  let size = 0
  let timer: NodeJS.Timeout | undefined
  const late = new Promise<never>((_, reject) => {
    if (timeoutMs === Infinity) return
    const tooLate = () => reject(new ChannelError('BAD_REQUEST', 'The body took too long to arrive.'))
    timer = setTimeout(tooLate, timeoutMs)
  })
  try {
    while (reader) {
      const { done, value } = await Promise.race([reader.read(), late])
      if (done) break
      size += value.length
      if (size > maxBytes) throw new ChannelError('BODY_TOO_LARGE')
      chunks.push(value)
    }
    return Buffer.concat(chunks)
  } catch (cause) {
    // Not awaited: of a body that does not come the cancelling may not, either.
    reader?.cancel().catch(() => undefined)
    if (cause instanceof ChannelError) throw cause
    throw new ChannelError('BAD_REQUEST', 'The body was cut off.', { cause })
  } finally {
    clearTimeout(timer)
  }
}
