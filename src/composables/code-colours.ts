import type { InjectionKey } from 'vue'

/**
 * How a line is coloured: a letter and a length for each stretch from its start, such as `k5_1s3`. Letters:
 * `_` plain, `k` keyword, `s` string, `n` number, `c` comment, `t` title, `v` variable, `m` meta, `a` attribute.
 */
export type LineColours = string

/** Colours lines of one code block in their order; each is read once. */
export type ColourLine = (line: string) => LineColours

/** Colours code, if it knows the language. Provided to the app by `createHighlighter`. */
export interface CodeColours {
  start(language: string): ColourLine | undefined
}

/** Under which `createHighlighter()` provides its colours to components. */
export const codeColoursKey: InjectionKey<CodeColours> = Symbol('code colours')
