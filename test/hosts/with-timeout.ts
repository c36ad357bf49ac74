/** The promise's result, or an error after `timeoutMs`. The promise itself goes on. */
export async function withTimeout<Result>(
  promise: Promise<Result>,
  timeoutMs: number,
  message: string,
): Promise<Result> {
  let timer: NodeJS.Timeout | undefined
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error(`${message} (${timeoutMs} ms)`)), timeoutMs)
  })
  // A result after the deadline has nobody to go to.
  promise.catch(() => {})
  return Promise.race([promise, late]).finally(() => clearTimeout(timer))
}
