import { ChannelError } from '../core/channel-error.js'
import { attempt } from './attempt.js'
import type { ChannelLog } from './channel-log.js'
import { isPosition, type LogEntry, type ReaderAnswer, type ReaderRequest } from './wire.js'

/** What `createReader()` takes. */
export interface ReaderOptions {
  readonly log: ChannelLog
  /**
   * May this caller read and stop this channel? Default: whoever knows its id, 144 random bits.
   * `context` is the cloud function's second argument.
   */
  readonly authorize?: (channelId: string, context: unknown) => boolean | Promise<boolean>
  /** How long what a request leaves behind is kept, in milliseconds. Default an hour. */
  readonly keepMs?: number
}

/** The cloud function that clients catch up with: give it the event and the context. */
export type Reader = (request: ReaderRequest, context?: unknown) => Promise<ReaderAnswer>

const PAGE_ENTRIES = 200
/** Characters of one answer. */
const PAGE_LENGTH = 256 * 1024
const EXPIRE_EVERY_MS = 600_000

/**
 * The cloud function that clients catch up with, and stop through.
 * The function rejects with ChannelError BAD_REQUEST, FORBIDDEN or LOG_FAILED.
 * @example exports.main = createReader({ log: databaseLog(uniCloud.database()) })
 */
export function createReader({ log, authorize = () => true, keepMs = 3_600_000 }: ReaderOptions): Reader {
  let expiredAt = 0

  function expireSometimes() {
    if (Date.now() - expiredAt < EXPIRE_EVERY_MS) return
    expiredAt = Date.now()
    // Nobody waits for the tidying up; what fails now is done the next time.
    log.expire(expiredAt).catch(() => undefined)
  }

  return async (value, context) => {
    const request = check(value)
    const { channelId } = request
    if (!(await authorize(channelId, context))) throw new ChannelError('FORBIDDEN')
    const expiresAt = Date.now() + keepMs
    switch (request.action) {
      case 'stop':
        await attempt(() => log.setControl(channelId, 'stop', '1', expiresAt))
        return nothing
      case 'move':
        await attempt(() => log.setControl(channelId, 'pushClientId', request.pushClientId, expiresAt))
        return nothing
      case 'read': {
        expireSometimes()
        const { beatAt } = await attempt(() => log.control(channelId))
        const found = await attempt(() => log.read(channelId, request.from, PAGE_ENTRIES + 1))
        const entries = page(found)
        return { entries, more: entries.length < found.length, beatAt }
      }
    }
  }
}

const nothing: ReaderAnswer = { entries: [], more: false, beatAt: 0 }

function page(found: readonly LogEntry[]): readonly LogEntry[] {
  let length = 0
  let count = 0
  while (count < Math.min(found.length, PAGE_ENTRIES)) {
    length += JSON.stringify(found[count]).length
    if (count > 0 && length > PAGE_LENGTH) break
    count++
  }
  return found.slice(0, count)
}

function check(value: ReaderRequest): ReaderRequest {
  const { action, channelId } = Object(value) as Partial<ReaderRequest>
  const known = action === 'read' || action === 'stop' || action === 'move'
  const from = action === 'read' ? (value as { from?: unknown }).from : 0
  const client = action === 'move' ? (value as { pushClientId?: unknown }).pushClientId : ''
  if (
    known &&
    typeof channelId === 'string' &&
    channelId !== '' &&
    isPosition(from) &&
    typeof client === 'string'
  )
    return value
  throw new ChannelError('BAD_REQUEST')
}
