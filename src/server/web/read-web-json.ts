import { ChannelError } from '../../core/channel-error.js'
import { checkJsonType, parseJson, type BodyLimits } from '../http/read-body.js'

/**
 * The JSON of a Web `Request`.
 * @throws {ChannelError} UNSUPPORTED_MEDIA_TYPE, BODY_TOO_LARGE, BAD_REQUEST (not JSON; cut; too slow)
 */
export async function readWebJson(request: Request, { maxBytes, timeoutMs }: BodyLimits): Promise<unknown> {
  checkJsonType(request.headers.get('content-type'), request.headers.get('content-encoding'))
  if (Number(request.headers.get('content-length') ?? 0) > maxBytes) throw new ChannelError('BODY_TOO_LARGE')
  const reader = request.body?.getReader()
  const chunks: Uint8Array[] = []
  let size = 0
  let late = false
  const onLate = () => {
    late = true
    reader?.cancel().catch(() => undefined)
  }
  const timer = timeoutMs === Infinity ? undefined : setTimeout(onLate, timeoutMs)
  try {
    for (let read = await reader?.read(); read && !read.done; read = await reader?.read()) {
      size += read.value.length
      if (size > maxBytes) throw new ChannelError('BODY_TOO_LARGE')
      chunks.push(read.value)
    }
  } catch (cause) {
    reader?.cancel().catch(() => undefined)
    if (cause instanceof ChannelError) throw cause
    throw new ChannelError('BAD_REQUEST', 'The body was cut off.', { cause })
  } finally {
    clearTimeout(timer)
  }
  if (late) throw new ChannelError('BAD_REQUEST', 'The body took too long to arrive.')
  return parseJson(Buffer.concat(chunks))
}
