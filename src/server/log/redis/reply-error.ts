/**
 * What an error reply of Redis means for whoever sent the command.
 * - `wrong`: this server can't do it, another one can: a replica, one that has lost its master.
 * - `not-yet`: it will be able to.
 * - `full`: its memory is.
 * - `no-script`: it has to be sent whole.
 * - `refused`: for good.
 */
export type ReplyError = 'wrong' | 'not-yet' | 'full' | 'no-script' | 'refused'

const kinds: readonly (readonly [ReplyError, RegExp])[] = [
  ['wrong', /^-?(READONLY|MASTERDOWN|REDIRECT|MOVED|ASK)\b/],
  ['not-yet', /^-?(LOADING|BUSY|TRYAGAIN|CLUSTERDOWN|UNBLOCKED|MISCONF|NOREPLICAS)\b/],
  ['full', /^-?OOM\b/],
  ['no-script', /^-?NOSCRIPT\b/],
  ['refused', /^-?[A-Z][A-Z0-9]+ /],
]

/**
 * Undefined: the connection failed, not the command. By its text: the client may come from another copy of the package,
 * and what a script ran into comes with its name in front.
 */
export function replyErrorOf(thrown: unknown): ReplyError | undefined {
  if (!(thrown instanceof Error)) return undefined
  return kinds.find(([, pattern]) => pattern.test(thrown.message))?.[0]
}
