import WebSocket from 'ws'

/** A DevTools protocol object: commands and events are far too many to type, so fields are read with care. */
export type ProtocolParams = Record<string, unknown>

interface Waiting {
  method: string
  resolve(result: ProtocolParams): void
  reject(error: Error): void
}

interface ProtocolMessage {
  id?: number
  method?: string
  params?: ProtocolParams
  sessionId?: string
  result?: ProtocolParams
  error?: { message: string }
}

export type EventListener = (params: ProtocolParams) => void

/**
 * One WebSocket to a browser's DevTools endpoint, shared by all its pages ("flat" sessions).
 * Written out instead of taken from a driver library: the common ones switch focus emulation on, and a page
 * under focus emulation never becomes hidden.
 * @see https://chromedevtools.github.io/devtools-protocol/
 */
export class DevToolsConnection {
  readonly #socket: WebSocket
  readonly #waiting = new Map<number, Waiting>()
  readonly #listeners = new Map<string, Set<EventListener>>()
  #lastId = 0

  private constructor(socket: WebSocket) {
    this.#socket = socket
    socket.on('message', (raw) => this.#receive(JSON.parse(String(raw)) as ProtocolMessage))
    socket.on('close', () => {
      for (const { method, reject } of this.#waiting.values())
        reject(new Error(`browser gone during ${method}`))
      this.#waiting.clear()
    })
  }

  static open(url: string): Promise<DevToolsConnection> {
    const socket = new WebSocket(url)
    return new Promise((resolve, reject) => {
      socket.once('error', reject)
      socket.once('open', () => resolve(new DevToolsConnection(socket)))
    })
  }

  /**
   * Sends one command to the browser or, with a session, to a page.
   * @throws {Error} the protocol's own message, after the command's name
   */
  send(method: string, params: ProtocolParams = {}, sessionId?: string): Promise<ProtocolParams> {
    const id = ++this.#lastId
    return new Promise((resolve, reject) => {
      this.#waiting.set(id, { method, resolve, reject })
      this.#socket.send(JSON.stringify({ id, method, params, sessionId }), (error) => {
        if (error) this.#settle(id)?.reject(error)
      })
    })
  }

  /** Listens to one event of one session; returns its undo. */
  on(sessionId: string, method: string, listener: EventListener): () => void {
    const key = `${sessionId} ${method}`
    const listeners = this.#listeners.get(key) ?? new Set()
    this.#listeners.set(key, listeners.add(listener))
    return () => void listeners.delete(listener)
  }

  close(): void {
    this.#socket.terminate()
  }

  #settle(id: number): Waiting | undefined {
    const waiting = this.#waiting.get(id)
    this.#waiting.delete(id)
    return waiting
  }

  #receive(message: ProtocolMessage): void {
    if (message.id === undefined) {
      const listeners = this.#listeners.get(`${message.sessionId ?? ''} ${message.method ?? ''}`)
      for (const listener of [...(listeners ?? [])]) listener(message.params ?? {})
      return
    }
    const waiting = this.#settle(message.id)
    if (message.error) waiting?.reject(new Error(`${waiting.method}: ${message.error.message}`))
    else waiting?.resolve(message.result ?? {})
  }
}
