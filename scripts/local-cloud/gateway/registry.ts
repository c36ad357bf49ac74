import { createHash, randomBytes } from 'node:crypto'

/** One installed app as the gateway knows it. */
export interface Registration {
  readonly session: string
  /** The push client id. The SDK insists on md5(session). */
  readonly cid: string
  readonly regId: string
}

/** Who registered, by the id an installation made up for itself. Survives a restart of the gateway. */
export class Registry {
  readonly #byRegId = new Map<string, Registration>()

  register(regId: string): Registration {
    const known = this.#byRegId.get(regId)
    if (known) return known
    const session = randomBytes(16).toString('hex')
    const registration = { session, cid: createHash('md5').update(session).digest('hex'), regId }
    this.#byRegId.set(regId, registration)
    return registration
  }

  bySession(session: string): Registration | undefined {
    return [...this.#byRegId.values()].find((each) => each.session === session)
  }

  /** The installation's session is void from now on: its next login fails and it registers anew, with a new cid. */
  forget(cid: string): void {
    for (const [regId, each] of this.#byRegId) if (each.cid === cid) this.#byRegId.delete(regId)
  }
}
