import type { ChannelError } from '../../src/core/channel-error.js'
import type { Intent, Observer, Source } from '../../src/core/source.js'

export interface Connection {
  readonly intent: Intent<unknown>
  /** Tells the session something, whether the connection still lives or not. */
  readonly observer: Observer
  hungUp: number
}

/** A source whose connections say what a test tells them to say. */
export class ScriptedSource implements Source {
  readonly connections: Connection[] = []
  readonly stops: string[] = []
  readable = true
  /** Runs inside `connect`, before it returns. */
  onConnect: ((connection: Connection) => void) | undefined
  onStop: () => Promise<void> = () => Promise.resolve()

  connect(intent: Intent<unknown>, observer: Observer): () => void {
    const connection: Connection = { intent, observer, hungUp: 0 }
    this.connections.push(connection)
    this.onConnect?.(connection)
    return () => {
      connection.hungUp++
    }
  }

  canRead(): boolean {
    return this.readable
  }

  stop(channelId: string): Promise<void> {
    this.stops.push(channelId)
    return this.onStop()
  }

  /** The newest connection. */
  get last(): Connection {
    const last = this.connections[this.connections.length - 1]
    if (!last) throw new Error('nothing was dialled')
    return last
  }

  get live(): number {
    return this.connections.filter((connection) => connection.hungUp === 0).length
  }

  get dials(): string[] {
    return this.connections.map(({ intent }) =>
      intent.kind === 'start' ? 'start' : `read ${intent.cursor ?? 'from the start'}`,
    )
  }

  /** A server of ours answers: it names the channel. */
  open(channelId = this.last.intent.channelId): void {
    this.last.observer.opened({ channelId })
  }

  /** A server that knows nothing of channels answers. */
  openForeign(): void {
    this.last.observer.opened({})
  }

  event(id: string, data = id, type = 'message'): void {
    this.last.observer.event({ id, type, data })
  }

  lose(error: ChannelError): void {
    this.last.observer.lost(error)
  }
}
