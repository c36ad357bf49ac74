/** A call that waits for the user's word, or had it. */
export interface AskedCall {
  readonly tool: string
  readonly input: unknown
  /** What came of it, once it ran. Asked again, it does not run again. */
  result?: Promise<unknown>
}

/** The questions of this process: what a page says was asked is not believed. The oldest are forgotten. */
export interface AskedCalls {
  add(approvalId: string, call: AskedCall): void
  get(approvalId: string): AskedCall | undefined
}

export function createAskedCalls(limit = 1_000): AskedCalls {
  const calls = new Map<string, AskedCall>()
  return {
    add(approvalId, call) {
      calls.set(approvalId, call)
      const [oldest] = calls.keys()
      if (calls.size > limit && oldest !== undefined) calls.delete(oldest)
    },
    get: (approvalId) => calls.get(approvalId),
  }
}
