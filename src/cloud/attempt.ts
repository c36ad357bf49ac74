import { ChannelError } from '../core/channel-error.js'
import { explain } from '../core/explain.js'

const PAUSES_MS = [100, 400]

/**
 * Does to the log what may be done again: up to three times.
 * @throws {ChannelError} LOG_FAILED with what the storage said last
 */
export async function attempt<T>(run: () => Promise<T>): Promise<T> {
  for (const pauseMs of PAUSES_MS) {
    try {
      return await run()
    } catch {
      await new Promise((resume) => setTimeout(resume, pauseMs))
    }
  }
  try {
    return await run()
  } catch (cause) {
    const said = (Object(cause) as { message?: unknown }).message ?? cause
    throw new ChannelError('LOG_FAILED', `${explain('LOG_FAILED')} (${String(said)})`, { cause })
  }
}
