/** What a promise gives, or `otherwise` when that takes longer. A rejection that comes in time is passed on. */
export async function within<T, Late>(
  limitMs: number,
  otherwise: Late,
  promise: Promise<T>,
): Promise<T | Late> {
  let timer: NodeJS.Timeout | undefined
  const late = new Promise<Late>((resolve) => (timer = setTimeout(() => resolve(otherwise), limitMs)))
  try {
    return await Promise.race([promise, late])
  } finally {
    clearTimeout(timer)
  }
}
