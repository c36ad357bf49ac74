/**
 * Part of a large native API: members that are not given are functions that do nothing, and their names are
 * written down, so that a test can see what the app touched and the stand-in does not have.
 */
export function looseObject(name: string, members: object, touched: Set<string>): Record<string, unknown> {
  return new Proxy(members as Record<string | symbol, unknown>, {
    get(target, key) {
      if (key in target || typeof key === 'symbol') return target[key]
      touched.add(`${name}.${key}`)
      return () => undefined
    },
  }) as Record<string, unknown>
}
