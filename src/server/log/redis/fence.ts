import { randomBytes } from 'node:crypto'
import { ChannelError } from '../../../core/channel-error.js'
import type { Connection } from './connection.js'
import { attachScript } from './lua/node-scripts.js'
import { nodeNews, type Partition } from './partitions.js'
import type { Script, ScriptCall } from './script.js'

export interface FenceOptions {
  readonly publish: 'PUBLISH' | 'SPUBLISH'
  /** Where a partition is asked for. */
  readonly connectionOf: (partition: Partition) => Connection
  /** This partition's Redis is another one, or was emptied: what was acknowledged may be missing. */
  readonly onChanged: (partition: Partition) => void
}

/** Scripts, each under the generation that this node believes to be the present one. */
export interface Fence {
  /** Runs a script; where it finds another generation, learns that first and runs it again. */
  ask<Key extends string, Arg extends string>(
    partition: Partition,
    script: Script<Key, Arg>,
    call: Asked<Key, Arg>,
  ): Promise<Answer>
  /** The connection is another one: where Redis does not say who it is, it may be, too. */
  doubt(): void
  /** Since when the generation is known that all of these partitions have now, in milliseconds; 0 where it is not. */
  knownForMs(partitions: readonly Partition[]): number
}

/** The fence puts in its own argument. */
export type Asked<Key extends string, Arg extends string> = Omit<ScriptCall<Key, Arg>, 'args'> & {
  readonly args: Omit<ScriptCall<Key, Arg>['args'], 'gen'>
}

/** A script's: what came of it first. */
export type Answer = readonly [string, ...unknown[]]

interface Generation {
  readonly name: string
  readonly since: number
  /** Who Redis said it is, or ''. */
  readonly run: string
  /** The connection it was learnt over, counted. */
  readonly link: number
}

/** One call asks, all others of its partition wait for that. */
interface Learning {
  readonly name: Promise<string>
  readonly deadline: number
}

/** Each time something else answers than before: a balancer over servers that know nothing of each other. */
const TRIES = 5

export function createFence({ publish, connectionOf, onChanged }: FenceOptions): Fence {
  const known = new Map<Partition, Generation>()
  const learning = new Map<Partition, Learning>()
  let links = 0

  async function learn(partition: Partition, deadline: number): Promise<string> {
    for (;;) {
      const other = learning.get(partition)
      if (!other) return begin(partition, deadline)
      try {
        return await other.name
      } catch (thrown) {
        // It began earlier, so its time is over earlier, and not this call's.
        const isEarly = other.deadline <= performance.now() && performance.now() < deadline
        if (!isEarly) throw thrown
      }
    }
  }

  function begin(partition: Partition, deadline: number): Promise<string> {
    const name = attach(partition, deadline).finally(() => learning.delete(partition))
    learning.set(partition, { name, deadline })
    return name
  }

  async function attach(partition: Partition, deadline: number): Promise<string> {
    const before = known.get(partition)
    let link = links
    const proposed = createGeneration()
    const call = () => {
      link = links
      const doubted = before?.link === link ? '' : 'doubted'
      const args = { gen: '', proposed, doubted, publish, node_news: nodeNews(partition) }
      return { keys: { fence: partition.keys.fence }, args }
    }
    const answer = (await connectionOf(partition).script(
      partition.keys.fence,
      attachScript,
      call,
      deadline,
    )) as readonly string[]
    const [name = '', ageMs = '0', run = ''] = answer
    known.set(partition, { name, since: performance.now() - Number(ageMs), run, link })
    if (before && before.name !== name) onChanged(partition)
    return name
  }

  /** Undefined where it must be learnt: over a new link a Redis that does not say who it is may be another one. */
  function believed(partition: Partition): Generation | undefined {
    const generation = known.get(partition)
    return generation?.run === '' && generation.link !== links ? undefined : generation
  }

  return {
    async ask(partition, script, call) {
      const connection = connectionOf(partition)
      const deadline = connection.deadline()
      for (let tries = 0; tries < TRIES; tries++) {
        const gen = believed(partition)?.name ?? (await learn(partition, deadline))
        const args = { ...call.args, gen } as ScriptCall<string, string>['args']
        const given = { ...call, args } as ScriptCall<string, string>
        const present = () => (believed(partition)?.name === gen ? given : undefined)
        const answer = (await connection.script(
          partition.keys.fence,
          script as Script,
          present,
          deadline,
        )) as Answer | undefined
        if (answer && answer[0] !== 'fence') return answer
        // Another call may have learnt it meanwhile.
        if (answer && believed(partition)?.name === gen) await learn(partition, deadline)
      }
      throw new ChannelError('SERVER_ERROR', 'Redis is another one at every command.')
    },
    doubt: () => void links++,
    knownForMs(partitions) {
      let least = Infinity
      for (const partition of partitions) {
        const generation = known.get(partition)
        least = Math.min(least, generation ? performance.now() - generation.since : 0)
      }
      return least
    },
  }
}

/** Begins with the time, so that younger ones sort behind; the rest is chance, as two Redis may be asked at once. */
const createGeneration = () => Date.now().toString(36) + randomBytes(3).toString('hex').slice(0, 5)
