/** What all queues that share it may hold together, in whatever is weighed. */
export interface Budget {
  readonly max: number
  used: number
}

/** Keeps the newest items: the oldest go as soon as it is over its own bound, or all are over theirs. */
export interface BoundedQueue<T> {
  readonly items: readonly T[]
  push(item: T, weight: number): void
  clear(): void
}

export function createBoundedQueue<T>(max: number, budget: Budget): BoundedQueue<T> {
  const items: T[] = []
  const weights: number[] = []
  let used = 0

  function drop(count: number) {
    items.splice(0, count)
    for (const weight of weights.splice(0, count)) {
      used -= weight
      budget.used -= weight
    }
  }

  return {
    items,
    push(item, weight) {
      items.push(item)
      weights.push(weight)
      used += weight
      budget.used += weight
      while (items.length > 0 && (used > max || budget.used > budget.max)) drop(1)
    },
    clear: () => drop(items.length),
  }
}
