import { inSlices } from './in-slices.js'

/** The runs of this node, and those it has given up that are not ended or handed over yet. */
export interface OwnedRuns {
  /** From before it is created until it has ended. */
  own(channelId: string): void
  /** A run of a dead node is this one's now. @param claim how often it was taken over, as the log's server says it */
  claimed(channelId: string, claim: string): void
  disown(channelId: string): void
  owns(channelId: string): boolean
  /** How often a run of this node was taken over; '' for what is none. */
  claimOf(channelId: string): string
  /**
   * This node will write no more of a run: another goes on with it, or it ends as lost, at once or with the next
   * `giveUp`.
   */
  abandon(channelId: string): void
  /** Likewise, of a run of which nothing is on its way any more; waits for it. */
  release(channelId: string): Promise<void>
  /** Tries again to give up what was abandoned. @param isWanted default: all */
  giveUp(isWanted?: (channelId: string) => boolean): Promise<void>
  /** Gives up all: the node goes. */
  leave(): Promise<void>
}

const GIVEN_AT_ONCE = 100

/** @param give tells the log's server that this node has nothing to do with the run any more */
export function createOwnedRuns(give: (channelId: string) => Promise<unknown>): OwnedRuns {
  const claims = new Map<string, string>()
  const abandoned = new Set<string>()

  async function giveOne(channelId: string) {
    await give(channelId)
    abandoned.delete(channelId)
  }

  return {
    own: (channelId) => void claims.set(channelId, '0'),
    claimed(channelId, claim) {
      claims.set(channelId, claim)
      abandoned.delete(channelId)
    },
    disown: (channelId) => void claims.delete(channelId),
    owns: (channelId) => claims.has(channelId),
    claimOf: (channelId) => claims.get(channelId) ?? '',
    abandon(channelId) {
      if (!claims.delete(channelId)) return
      abandoned.add(channelId)
      // Where it is only this write that failed; else with the next beat.
      giveOne(channelId).catch(() => undefined)
    },
    async release(channelId) {
      claims.delete(channelId)
      abandoned.add(channelId)
      await giveOne(channelId)
    },
    async giveUp(isWanted = () => true) {
      await inSlices([...abandoned].filter(isWanted), GIVEN_AT_ONCE, giveOne)
    },
    leave: async () => void (await Promise.all([...claims.keys(), ...abandoned].map(give))),
  }
}
