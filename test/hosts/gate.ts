import { connect, createServer, type AddressInfo, type Server, type Socket } from 'node:net'
import { setTimeout as delay } from 'node:timers/promises'

/** What happens to connections that come in from now on. */
export type Admission = 'forward' | 'refuse' | 'swallow'

interface Pair {
  readonly client: Socket
  readonly upstream: Socket | undefined
  frozen: boolean
  /** What the client sends is dropped. */
  muted: boolean
}

/** A TCP relay between a client and a server that breaks as networks do. */
export class Gate {
  /** `refuse`: reset at once. `swallow`: accepted, then silence, so that a handshake never ends. */
  admission: Admission = 'forward'
  /** Each piece is forwarded this much later, in milliseconds. */
  delayMs = 0
  /** Connections accepted so far, whatever became of them. */
  accepted = 0
  /** Pieces that clients sent on muted connections. */
  swallowed = 0
  readonly #pairs = new Set<Pair>()
  readonly #server: Server

  private constructor(targetPort: number) {
    this.#server = createServer({ allowHalfOpen: true }, (client) => this.#admit(client, targetPort))
  }

  /** @param port default a free one */
  static async open(targetPort: number, port = 0): Promise<Gate> {
    const gate = new Gate(targetPort)
    await new Promise<void>((listening) => gate.#server.listen(port, '127.0.0.1', listening))
    return gate
  }

  get port(): number {
    return (this.#server.address() as AddressInfo).port
  }

  /** Every open connection is reset, both ends. Returns how many there were. */
  cut(): number {
    const count = this.#pairs.size
    for (const { client, upstream } of this.#pairs) {
      client.resetAndDestroy()
      upstream?.destroy()
    }
    return count
  }

  /** Open connections fall silent in both directions and never close: a half-open socket. New ones work. */
  freeze(): void {
    for (const pair of this.#pairs) {
      pair.frozen = true
      // The server learns of it; the client, which gets no FIN, does not.
      pair.upstream?.destroy()
    }
  }

  /** What clients send on open connections is lost from now on, while they still hear the server. */
  mute(): void {
    for (const pair of this.#pairs) pair.muted = true
  }

  /** Resets connections that were frozen, at last: their clients get a late close. Returns how many there were. */
  cutFrozen(): number {
    const frozen = [...this.#pairs].filter((pair) => pair.frozen)
    for (const { client } of frozen) client.resetAndDestroy()
    return frozen.length
  }

  /** The server behind goes away and comes back: open connections are cut, new ones refused for `downMs`. */
  async restart(downMs: number): Promise<void> {
    this.admission = 'refuse'
    this.cut()
    await delay(downMs)
    this.admission = 'forward'
  }

  async close(): Promise<void> {
    const closed = new Promise((done) => this.#server.close(done))
    this.cut()
    await closed
  }

  #admit(client: Socket, targetPort: number): void {
    this.accepted++
    client.on('error', () => {})
    if (this.admission === 'refuse') return void client.resetAndDestroy()
    const upstream = this.admission === 'forward' ? connect(targetPort, '127.0.0.1') : undefined
    const pair: Pair = { client, upstream, frozen: false, muted: false }
    this.#pairs.add(pair)
    // A frozen connection answers nothing, not even a FIN.
    client.on('end', () => {
      if (!pair.frozen && !pair.muted) client.end()
    })
    client.on('close', () => {
      this.#pairs.delete(pair)
      upstream?.destroy()
    })
    if (!upstream) return void client.resume()
    upstream.on('error', () => {})
    upstream.on('close', () => {
      if (!pair.frozen) client.destroy()
    })
    client.on('data', (bytes) => {
      if (pair.muted) this.swallowed++
      else this.#forward(pair, upstream, bytes)
    })
    upstream.on('data', (bytes) => this.#forward(pair, client, bytes))
  }

  #forward(pair: Pair, target: Socket, bytes: Buffer): void {
    const write = () => {
      if (!pair.frozen && !target.destroyed) target.write(bytes)
    }
    if (this.delayMs > 0) setTimeout(write, this.delayMs)
    else write()
  }
}
