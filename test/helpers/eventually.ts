/**
 * Waits for a condition. The limit, in milliseconds, is generous: it costs nothing unless the condition never comes
 * true, and a busy machine must not pass for a failure.
 * @param what is awaited; as a function it is asked when the limit has passed, so that it can tell the state
 * @throws {Error} `what`; at once, what the condition throws
 */
export async function eventually(
  what: string | (() => string),
  condition: () => boolean | Promise<boolean>,
  limitMs = 30_000,
): Promise<void> {
  const until = Date.now() + limitMs
  while (!(await condition())) {
    if (Date.now() > until)
      throw new Error(`not within ${limitMs} ms: ${typeof what === 'string' ? what : what()}`)
    await new Promise((resolve) => setTimeout(resolve, 5))
  }
}
