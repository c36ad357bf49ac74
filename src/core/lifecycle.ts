/** `background`: hidden where that suspends us, or frozen. `network`: offline. */
export type SleepReason = 'background' | 'network'

/**
 * Whether the platform lets us run and reach the network: the port behind which `uni.onAppShow`, `freeze`,
 * `offline` and the like stay.
 */
export interface Lifecycle {
  /** `false` while in the background (where that suspends us), frozen or offline. */
  isAwake(): boolean
  /**
   * Called on every change, and with `false`, then `true`, when the network becomes another one: what was connected
   * over the old one is dead without knowing it. Returns its undo.
   */
  subscribe(listener: (awake: boolean) => void): () => void
  /** Why it is not awake. Absent: always the background. */
  reason?(): SleepReason
}

/** For runtimes without a background: Node, tests. */
export const alwaysAwake: Lifecycle = {
  isAwake: () => true,
  subscribe: () => () => undefined,
}
