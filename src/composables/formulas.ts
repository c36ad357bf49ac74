import type { InjectionKey } from 'vue'

/** A drawn part of a formula, such as the sign of a root: SVG without anything that loads or runs. */
export interface FormulaShape {
  /** SVG's `viewBox`; lines have none, since they are given in shares of the box. */
  readonly viewBox: string
  /** SVG's `preserveAspectRatio`. */
  readonly aspect: string
  /** SVG path data, one for each path. */
  readonly paths: readonly string[]
  /** From corner to corner, and as wide as SVG's `stroke-width`. */
  readonly lines: readonly {
    readonly x1: string
    readonly y1: string
    readonly x2: string
    readonly y2: string
    readonly width: string
  }[]
}

/**
 * A part of a formula: an element with inline styles around a text, a shape or parts. It holds no class,
 * address or attribute, so that every view can show it without a style sheet.
 */
export type FormulaNode =
  | { readonly style: string; readonly text: string }
  | { readonly style: string; readonly shape: FormulaShape }
  | { readonly style: string; readonly children: readonly FormulaNode[] }

/** Typesets formulas. Provided to the app by `createMath`. */
export interface Formulas {
  /** Formulas with a longer source are not typeset, in characters. */
  readonly maxSource: number
  /**
   * Loads what is needed, at the first call. Answers with a promise as long as it is worth waiting for; it is
   * never rejected.
   */
  prepare(): Promise<void> | undefined
  /**
   * @param display on a line of its own
   * @returns `undefined` where the source has to be shown instead: it is no formula, not allowed, or too much
   */
  render(source: string, display: boolean): FormulaNode | undefined
}

export const formulasKey: InjectionKey<Formulas> = Symbol('formulas')
