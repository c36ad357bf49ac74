export type NetworkType = 'wifi' | '2g' | '3g' | '4g' | '5g' | 'unknown' | 'none'

/** Cuts one open connection with the platform's error text. */
export type Cut = (errMsg: string) => void

export const OFFLINE_ERROR = 'errcode:-106 cronet_error_code:-106 error_msg:net::ERR_INTERNET_DISCONNECTED'

/** What kind of network there is, and every connection that dies with it. */
export class NetworkConditions {
  #type: NetworkType = 'wifi'
  #reported: NetworkType | undefined
  readonly #open = new Set<Cut>()

  get type(): NetworkType {
    return this.#type
  }

  /** What the platform says, which on some phones is wrong until something changes. */
  get reported(): NetworkType {
    return this.#reported ?? this.#type
  }

  report(type: NetworkType): void {
    this.#reported = type
  }

  get online(): boolean {
    return this.#type !== 'none'
  }

  set(type: NetworkType): void {
    this.#type = type
    this.#reported = undefined
    if (!this.online) this.cutAll(OFFLINE_ERROR)
  }

  /** Registers an open connection; returns the undo for when it ended by itself. */
  add(cut: Cut): () => void {
    this.#open.add(cut)
    return () => void this.#open.delete(cut)
  }

  cutAll(errMsg: string): void {
    for (const cut of [...this.#open]) cut(errMsg)
    this.#open.clear()
  }
}
