/** What changed. `another-network`: from wifi to cellular, say; what was connected over the old one is dead. */
export type LifecycleChange = 'background' | 'foreground' | 'offline' | 'online' | 'another-network'

/**
 * Where the platform has us: the port behind which `uni.onAppShow`, `freeze`, `offline` and the like stay.
 * Two signals, each with its own changes: an app may be hidden and lose its network in any order.
 */
export interface Lifecycle {
  /** `false` in the background where that suspends us, or frozen. */
  isForeground(): boolean
  /** What the platform says of the network. Only a hint: it may say "offline" while the server can be reached. */
  isOnline(): boolean
  /** Called on every change. Returns its undo. */
  subscribe(listener: (change: LifecycleChange) => void): () => void
}

/** For runtimes without a background: Node, tests. */
export const alwaysForeground: Lifecycle = {
  isForeground: () => true,
  isOnline: () => true,
  subscribe: () => () => undefined,
}
