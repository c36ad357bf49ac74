import { ChannelError } from '../../core/channel-error.js'

/** How many connections this process holds at once: streams, sockets and polls that wait. Over HTTP and WebSocket together. */
export interface ConnectionLimitOptions {
  /** Of one user. Where no user is named, of nobody. Default `Infinity`. */
  readonly connectionsPerUser?: number
  /**
   * Of one address: that of the other end, which may be a proxy with everybody behind it. Default `Infinity`.
   */
  readonly connectionsPerAddress?: number
  /** Of all. Beyond it a client is told to come again later. Default `Infinity`. */
  readonly connections?: number
}

export interface ConnectionLimits {
  /** @returns its undo, idempotent; `nothingHeld` where nothing is counted @throws {ChannelError} RATE_LIMITED, SERVER_BUSY */
  hold(visitor: { readonly userId?: string | undefined; readonly address?: string | undefined }): () => void
}

/** Where no limit is set nobody has to be told when a connection goes: of those there are thousands. */
export const nothingHeld = (): void => undefined

/** Only who is connected is remembered, so what is kept is bounded by the connections. */
export function createConnectionLimits(options: ConnectionLimitOptions = {}): ConnectionLimits {
  const { connectionsPerUser, connectionsPerAddress, connections } = options
  const users = createCounts('connectionsPerUser', connectionsPerUser)
  const addresses = createCounts('connectionsPerAddress', connectionsPerAddress)
  const all = createCounts('connections', connections)

  return {
    hold({ userId, address }) {
      if (all.isFull('')) throw new ChannelError('SERVER_BUSY')
      if (users.isFull(userId) || addresses.isFull(address))
        throw new ChannelError(
          'RATE_LIMITED',
          'There are as many connections as one may have. Close one first.',
        )
      const counted = [all.add(''), users.add(userId), addresses.add(address)]
      const undo = counted.filter((one) => one !== nothingHeld)
      if (undo.length === 0) return nothingHeld
      return () => {
        for (const forget of undo.splice(0)) forget()
      }
    },
  }
}

/** @throws {ChannelError} BAD_OPTIONS */
function createCounts(name: string, max = Infinity) {
  if (!(max >= 1)) throw new ChannelError('BAD_OPTIONS', `${name} is a number of 1 or more.`)
  const counts = new Map<string, number>()
  const isUnlimited = max === Infinity

  return {
    isFull: (key: string | undefined) => key !== undefined && (counts.get(key) ?? 0) >= max,
    add(key: string | undefined): () => void {
      if (isUnlimited || key === undefined) return nothingHeld
      counts.set(key, (counts.get(key) ?? 0) + 1)
      return () => {
        const left = (counts.get(key) ?? 1) - 1
        if (left > 0) counts.set(key, left)
        else counts.delete(key)
      }
    },
  }
}
