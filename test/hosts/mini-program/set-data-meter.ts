export interface SetDataCall {
  /** Path of the component or page. */
  component: string
  keys: string[]
  /** UTF-8 length of the data as JSON: what has to cross to the view layer. */
  bytes: number
  /** `Date.now()` at the call. */
  atMs: number
}

export interface SetDataTotals {
  calls: number
  bytes: number
}

export interface SetDataStats extends SetDataTotals {
  byComponent: Record<string, SetDataTotals>
}

/** Counts what is handed to `setData`; on a phone this is the dearest thing a page does. */
export class SetDataMeter {
  readonly calls: SetDataCall[] = []

  record(component: string, data: Record<string, unknown>): void {
    const bytes = new TextEncoder().encode(JSON.stringify(data)).length
    this.calls.push({ component, keys: Object.keys(data), bytes, atMs: Date.now() })
  }

  stats(): SetDataStats {
    const stats: SetDataStats = { calls: 0, bytes: 0, byComponent: {} }
    for (const { component, bytes } of this.calls) {
      const own = (stats.byComponent[component] ??= { calls: 0, bytes: 0 })
      for (const totals of [stats, own]) {
        totals.calls++
        totals.bytes += bytes
      }
    }
    return stats
  }

  reset(): void {
    this.calls.length = 0
  }
}
