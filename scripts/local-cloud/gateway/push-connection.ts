import type { WebSocket } from 'ws'
import { command, type Frame, parseFrame, readData, writeFrame } from './frame.js'
import type { Registration, Registry } from './registry.js'
import { recoverSessionKey, type SessionKey } from './session-key.js'

/** Close codes of the gateway that make the SDK stop reconnecting. */
export const closeCode = { loggedInElsewhere: 21 } as const

export interface ConnectionHooks {
  /** Counts down: that many of the next negotiations, logins or registrations are refused. */
  readonly refusals: { negotiations: number; logins: number; registrations: number }
  loggedIn(connection: PushConnection): void
  closed(connection: PushConnection): void
}

interface NegotiateData {
  readonly appId: string
}
interface RegisterData {
  readonly regId: string
}
interface LoginData {
  readonly session: string
}
interface ActionData {
  readonly msgAction: string
  readonly msgId: string
}

/** The gateway's side of one push socket: negotiate, register, login, then pushes and heartbeats. */
export class PushConnection {
  cid = ''
  heartbeats = 0
  #appId = ''
  #key: SessionKey | undefined
  #negotiatedAt = 0
  #packetId = 1
  readonly #socket: WebSocket
  readonly #registry: Registry
  readonly #hooks: ConnectionHooks

  constructor(socket: WebSocket, registry: Registry, hooks: ConnectionHooks) {
    this.#socket = socket
    this.#registry = registry
    this.#hooks = hooks
    socket.on('message', (data) => this.#receive(String(data)))
    socket.on('close', () => hooks.closed(this))
    // A reset is followed by `close`.
    socket.on('error', () => {})
  }

  /** One transparent push; `message` is what `uni.onPushMessage` parses. */
  push(id: string, message: string): void {
    const order = {
      id,
      appKey: 'local',
      appId: this.#appId,
      messageid: `M${id}`,
      taskId: `T${id}`,
      actionChain: [],
      cdnType: '',
    }
    this.#act('pushmessage', id, order, message)
  }

  /** The gateway's goodbye, as when the account logs in elsewhere (21). The client closes the socket. */
  close(code: number): void {
    this.#send(command.close, { code, msg: '' })
  }

  drop(): void {
    this.#socket.terminate()
  }

  #act(action: string, msgId: string, data: unknown, extra = ''): void {
    const msgData = JSON.stringify(data)
    const body = { appId: this.#appId, cid: this.cid, msgId, msgAction: action, msgData, msgExtraData: extra }
    this.#send(command.push, body, this.#key)
  }

  #send(code: number, payload: unknown, key?: SessionKey): void {
    if (this.#socket.readyState === this.#socket.OPEN)
      this.#socket.send(writeFrame(code, this.#packetId++, payload, key))
  }

  #receive(text: string): void {
    const frame = parseFrame(text)
    if (!frame) return
    if (frame.command === command.heartbeat) {
      this.heartbeats++
      return this.#send(command.heartbeat, '')
    }
    if (frame.command === command.negotiate) {
      this.#appId = (JSON.parse(frame.data) as NegotiateData).appId
      this.#negotiatedAt = frame.timeStamp
      this.#key = undefined
      const { refusals } = this.#hooks
      if (refusals.negotiations > 0) {
        refusals.negotiations--
        return this.#send(command.negotiated, { errorCode: 1, errorMsg: 'refused', encryptType: '' })
      }
      return this.#send(command.negotiated, { errorCode: 0, errorMsg: '', encryptType: 'AES/CBC/PKCS7' })
    }
    const data = this.#read(frame)
    if (data !== undefined) this.#answer(frame.command, JSON.parse(data) as unknown)
  }

  #read(frame: Frame): string | undefined {
    this.#key ??= recoverSessionKey(this.#negotiatedAt, frame)
    return this.#key && readData(frame, this.#key)
  }

  #answer(code: number, data: unknown): void {
    if (code === command.register) this.#register(data as RegisterData)
    if (code === command.login) this.#login(data as LoginData)
    if (code === command.action) this.#acknowledge(data as ActionData)
  }

  #register({ regId }: RegisterData): void {
    const { refusals } = this.#hooks
    if (refusals.registrations > 0) {
      refusals.registrations--
      const nothing = { errorCode: 7, errorMsg: 'refused', cid: '', session: '', deviceId: '', regId }
      return this.#send(command.registered, nothing, this.#key)
    }
    const { cid, session } = this.#registry.register(regId)
    const deviceId = `device-${cid.slice(0, 8)}`
    this.#send(command.registered, { errorCode: 0, errorMsg: '', cid, session, deviceId, regId }, this.#key)
  }

  #login({ session }: LoginData): void {
    const { refusals } = this.#hooks
    let known: Registration | undefined = this.#registry.bySession(session)
    if (known && refusals.logins > 0) {
      refusals.logins--
      known = undefined
    }
    if (!known)
      return this.#send(
        command.loggedIn,
        { errorCode: 1, errorMsg: 'unknown session', session: '' },
        this.#key,
      )
    this.cid = known.cid
    this.#send(command.loggedIn, { errorCode: 0, errorMsg: '', session }, this.#key)
    this.#hooks.loggedIn(this)
  }

  #acknowledge({ msgAction, msgId }: ActionData): void {
    if (msgAction !== 'received') this.#act('received', msgId, { cid: this.cid, msgId })
  }
}
