/**
 * Whether the platform lets us run and reach the network: the port behind which `uni.onAppShow`, `freeze`,
 * `offline` and the like stay.
 */
export interface Lifecycle {
  /** `false` while in the background (where that suspends us), frozen or offline. */
  isAwake(): boolean
  /** Called on every change; returns its undo. */
  subscribe(listener: (awake: boolean) => void): () => void
}

/** For runtimes without a background: Node, tests. */
export const alwaysAwake: Lifecycle = {
  isAwake: () => true,
  subscribe: () => () => undefined,
}
