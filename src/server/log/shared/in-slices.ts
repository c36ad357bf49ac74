/** So many at a time: together they wait for one answer's time, and others are served in between. */
export async function inSlices<T>(
  items: readonly T[],
  size: number,
  each: (item: T) => Promise<unknown>,
): Promise<void> {
  for (let at = 0; at < items.length; at += size) await Promise.all(items.slice(at, at + size).map(each))
}
