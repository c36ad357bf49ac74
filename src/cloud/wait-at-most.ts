/** Until it settles, or as long as this; what it rejects with is thrown if it comes in time. */
export async function waitAtMost(limitMs: number, waiting: Promise<unknown>): Promise<void> {
  let timer: ReturnType<typeof setTimeout> | undefined
  const late = new Promise((resume) => (timer = setTimeout(resume, limitMs)))
  try {
    await Promise.race([waiting, late])
  } finally {
    clearTimeout(timer)
  }
}
