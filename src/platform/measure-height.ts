/**
 * Height in px of the first element in `component` that matches, borders included; `undefined` where there is
 * none. In a page `component` may be left out.
 */
export function measureHeight(selector: string, component?: object | null): Promise<number | undefined> {
  return new Promise((resolve) => {
    try {
      const query = uni.createSelectorQuery()
      if (component) query.in(component)
      query
        .select(selector)
        .boundingClientRect((found) => resolve((found as { height?: number } | null)?.height))
        .exec()
    } catch {
      resolve(undefined)
    }
  })
}
