import type { Follower, Following } from '../event-log.js'

/** Whoever follows a channel that has ended hears that, also where its end is no event. */
export function endedFollowing(nextSeq: number, follower: Follower): Following {
  let state: 'following' | 'stopped' = 'following'
  queueMicrotask(() => {
    if (state === 'following') follower.batch({ seq: nextSeq, events: [], ended: true })
  })
  return { nextSeq, stop: () => void (state = 'stopped') }
}
