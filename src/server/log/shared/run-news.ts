import type { EndedStatus, EventLog } from '../event-log.js'
import type { Adoption } from './adoption.js'
import type { Write, WriteAnswer } from './channel-writer.js'
import type { EndWatch } from './end-watch.js'
import type { OwnedRuns } from './owned-runs.js'
import type { Tails } from './tails.js'

export interface RunNewsOptions {
  readonly ends: EndWatch
  readonly tails: Tails
  readonly adoption: Adoption
  readonly runs: OwnedRuns
  /** Resolves when all that is published of the channel from now on comes to `ofChannel`. */
  readonly hear: (channelId: string) => Promise<unknown>
  readonly leave: (channelId: string) => void
  /** Asks how these channels stand, and tells what changed. */
  readonly look: (channelIds: readonly string[]) => Promise<unknown>
}

/** What this node is told of runs: how they ended, and that another node goes on with one of its own. */
export interface RunNews {
  /** What is published of a channel to all who follow it. */
  ofChannel(channelId: string, message: string): void
  /** What is said to this node alone: `x STATUS CHANNEL` is an end, `m CLAIM CHANNEL` a run that moved on. */
  ofNode(message: string): void
  /** What a write of this node was answered. */
  ofWrite(write: Write, answer: WriteAnswer): void
  over(channelId: string, status: EndedStatus): void
  /** Another node goes on with a run of this one. */
  moved(channelId: string): void
  /** Is not this node's any more: those who wait for its end hear of it as of runs of other nodes. */
  hearIfWatched(channelId: string): void
  readonly onEnd: EventLog['onEnd']
  /** Nobody hears of an end any more. */
  close(): void
}

export function createRunNews(options: RunNewsOptions): RunNews {
  const { ends, tails, adoption, runs, hear, leave, look } = options
  let state: 'open' | 'closed' = 'open'

  function over(channelId: string, status: EndedStatus) {
    runs.disown(channelId)
    ends.tell(channelId, status)
  }

  function moved(channelId: string) {
    runs.disown(channelId)
    adoption.taken(channelId)
    hearIfWatched(channelId)
  }

  function hearIfWatched(channelId: string) {
    if (ends.has(channelId)) ends.add(channelId, hearOfEnd(channelId))
  }

  /** For channels of other nodes: of its own a node is told. Returns its undo. */
  function hearOfEnd(channelId: string): () => void {
    let watch: 'on' | 'left' = 'on'
    // A failure is reported by the connection, which looks again when it is back.
    void hear(channelId)
      .then(() => look([channelId]))
      .catch(() => undefined)
    return () => {
      if (watch === 'on') leave(channelId)
      watch = 'left'
    }
  }

  return {
    ofChannel(channelId, message) {
      if (message.startsWith('g ')) {
        tails.gone(channelId, message.slice(2))
        // Gone, or only its epoch.
        if (ends.has(channelId)) look([channelId]).catch(() => undefined)
        return
      }
      // The events first: an end must not be heard of before what it ends.
      tails.published(channelId, message)
      const outcome = outcomeOf(message)
      if (outcome !== '-') over(channelId, outcome as EndedStatus)
    },

    ofNode(message) {
      const [what, said, channelId = ''] = message.split(' ')
      if (what === 'x') over(channelId, said as EndedStatus)
      else if (said === runs.claimOf(channelId)) moved(channelId)
    },

    ofWrite({ channelId, claim, outcome }, answer) {
      if (answer[0] === 'moved') {
        // Of an earlier claim, perhaps: this node may have got the run back.
        if (claim === runs.claimOf(channelId)) moved(channelId)
      } else if (answer[0] === 'closed') over(channelId, answer[1] as EndedStatus)
      else if (answer[0] === 'none' || outcome) over(channelId, outcome ?? 'expired')
    },

    over,
    moved,
    hearIfWatched,

    onEnd(channelId, listener) {
      const undo = ends.add(channelId, listener)
      if (state === 'closed') {
        void Promise.resolve().then(() => ends.tell(channelId, undefined))
        return undo
      }
      if (runs.owns(channelId)) return undo
      const unhear = hearOfEnd(channelId)
      ends.add(channelId, unhear)
      return () => {
        undo()
        unhear()
      }
    },

    close() {
      state = 'closed'
      for (const channelId of ends.watched()) ends.tell(channelId, undefined)
    },
  }
}

/** The fifth word: the events behind it are left alone. */
function outcomeOf(message: string): string {
  let at = 0
  for (let words = 0; words < 4; words++) at = message.indexOf(' ', at) + 1
  return message.slice(at, message.indexOf(' ', at))
}
