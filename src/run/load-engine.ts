import { inPieces } from '../core/built-for.js'
import * as whole from './engine.js'

export type Engine = typeof whole

let loading: Promise<Engine> | undefined
let here: Engine | undefined

/** The engine, where it is here by now; where a build is one piece it always is. */
export const engineNow = (): Engine | undefined => (inPieces ? here : whole)

/** The same, when it has come. What could not be loaded is asked for again at the next call. */
export function loadEngine(): Engine | Promise<Engine> {
  const now = engineNow()
  if (now) return now
  loading ??= import('./engine.js').then(
    (engine) => (here = engine),
    (thrown: unknown) => {
      loading = undefined
      throw thrown
    },
  )
  return loading
}
