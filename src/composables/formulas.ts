import type { InjectionKey } from 'vue'
import type { FlatOp, RunLook } from '../markdown/flatten.js'

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

/** What `<rich-text>` takes. */
export type RichNode =
  | { readonly type: 'text'; readonly text: string }
  | {
      readonly name: 'span'
      readonly attrs: { readonly style: string }
      readonly children: readonly RichNode[]
    }

/** A formula, in the form that a view needs. */
export interface Formula {
  readonly parts: FormulaNode
  /** As one string for the log of a mini-program, which `formula.wxs` reads, or of App. */
  toText(): string
  toRich(): RichNode
}

/** A formula to show, whole and once, instead of a run of `kind` math. */
export interface FormulaOp {
  readonly op: 'formula'
  readonly look: RunLook
  readonly source: string
  readonly formula: Formula
}

/** A flat operation, the colours of the line of code before it, or a formula. */
export type ViewOp =
  | Exclude<FlatOp, { op: 'run' }>
  /** `failed`: the source of what should have been a formula. */
  | (Extract<FlatOp, { op: 'run' }> & { readonly failed?: true })
  | { readonly op: 'colour'; readonly colours: string }
  | FormulaOp

/** Typesets formulas. Provided to the app by `createMath`. */
export interface Formulas {
  /**
   * For one text: puts formulas in the place of their sources, call after call. Some operations are held.
   * @param resume is called when what was held can be had by another call
   */
  typesetter(resume: () => void): (ops: readonly ViewOp[]) => readonly ViewOp[]
}

/** Under which `createMath()` provides its formulas to components. */
export const formulasKey: InjectionKey<Formulas> = Symbol('formulas')
