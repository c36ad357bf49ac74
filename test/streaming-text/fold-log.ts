import { readFileSync } from 'node:fs'

export interface FoldedRun {
  readonly k: string
  readonly c: string
  readonly t: string
  readonly h: string
  /** Of an image its address, of a formula its parts as text. */
  readonly s?: string
}

export interface FoldedBlock {
  readonly k: string
  readonly on: boolean
  readonly c: string
  readonly rails: readonly { readonly c: string; readonly t: string }[]
  readonly language: string
  readonly widths: readonly string[]
  readonly runs: readonly FoldedRun[]
  readonly rows: readonly {
    readonly c: string
    readonly cells: readonly { readonly runs: readonly FoldedRun[] }[]
  }[]
}

const sourceOf = (name: string) =>
  readFileSync(new URL(`../../components/streaming-text/${name}.wxs`, import.meta.url), 'utf8')
const source = sourceOf('fold')

/** The view's own script, run as the JavaScript it is a part of. */
export const foldLog = (log: readonly string[]): FoldedBlock[] => {
  const module = { exports: {} as { blocks(log: readonly string[]): FoldedBlock[] } }
  new Function('module', source)(module)
  return module.exports.blocks(log)
}

/** What WXS has not: any of these in the script would fail on a phone only. */
export const foldSource = source

export const formulaSource = sourceOf('formula')
const formulaModule = { exports: {} as { nodes(spec: string): unknown[] } }
new Function('module', formulaSource)(formulaModule)
/** A formula's parts as the view reads them. */
export const formulaNodes = formulaModule.exports.nodes
