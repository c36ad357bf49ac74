/** One figure of one subject. */
export interface Row {
  readonly subject: string
  readonly metric: string
  /** `Infinity`, in the file `never`: what was awaited did not happen. */
  readonly value: number
  readonly unit: string
  /** Of a bench whose parts run by themselves: which one it is of. */
  readonly part?: string
}

export interface BenchResult {
  readonly rows: readonly Row[]
  /** Printed instead of the rows where they are many. */
  readonly table?: string
  /** What the project promises, as ratios, so that they hold on any machine. */
  readonly ratios: Readonly<Record<string, number>>
}

/** Default export of every bench. One that exports `parts` is given those to run, or none for all. */
export type Bench = (parts: readonly string[]) => Promise<BenchResult>

/** Says what is being measured, on the error stream, with the seconds since the bench began: some take minutes. */
export function progress(step: string): void {
  console.error(`${(performance.now() / 1000).toFixed(0).padStart(5)} s  ${step} …`)
}

export const rounded = (value: number) => Math.round(value * 1000) / 1000
