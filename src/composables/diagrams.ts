import type { App, InjectionKey } from 'vue'
import type { Enclosure } from '../markdown/flatten.js'
import type { ViewOp } from './formulas.js'

/** Draws the source of a diagram: resolves to SVG, or to the address of an image. */
export type DrawDiagram = (source: string) => Promise<string>

/** Puts drawings below code blocks. Provided to the app by `createDiagrams`. */
export interface Diagrams {
  /**
   * For one text: an image follows each block that can be drawn. What comes behind it waits meanwhile.
   * @param resume is called when what waited can be had by another call
   */
  stage(resume: () => void): (ops: readonly ViewOp[]) => readonly ViewOp[]
  install(app: App): void
}

/** Under which `createDiagrams()` provides its drawings to components. */
export const diagramsKey: InjectionKey<Diagrams> = Symbol('diagrams')

/** What follows a diagram waits no longer for it, in milliseconds. */
const PATIENCE_MS = 3000

/** An address that an image may have; SVG inside of an image runs and loads nothing. */
function imageAddress(drawn: string): string | undefined {
  if (/^\s*<svg[\s>]/i.test(drawn)) return `data:image/svg+xml;charset=utf-8,${encodeURIComponent(drawn)}`
  return /^(?:https?:\/\/|data:image\/)\S+$/.test(drawn) ? drawn : undefined
}

/**
 * Draws code blocks of some languages, once each is complete, as an image below its source. What is not drawn within
 * three seconds, or fails, stays source.
 * @param drawers by the first word behind the fence, in small letters: `{ mermaid: draw }`
 */
export function createDiagrams(drawers: Readonly<Record<string, DrawDiagram>>): Diagrams {
  const diagrams: Diagrams = { stage, install: (app) => void app.provide(diagramsKey, diagrams) }
  return diagrams

  function stage(resume: () => void): (ops: readonly ViewOp[]) => readonly ViewOp[] {
    let waiting: ViewOp[] = []
    let state: 'open' | 'drawing' = 'open'
    let draw: DrawDiagram | undefined
    let language = ''
    let path: readonly Enclosure[] = []
    let source = ''

    function begin(drawn: Promise<string>) {
      state = 'drawing'
      const timer = setTimeout(goOn, PATIENCE_MS)
      drawn.then(
        (image) => goOn(imageAddress(image)),
        () => goOn(),
      )
      const alt = language
      const around = path

      function goOn(src?: string) {
        clearTimeout(timer)
        if (state === 'open') return
        state = 'open'
        if (src !== undefined) waiting = [...imageOps(src, alt, around), ...waiting]
        resume()
      }
    }

    return (ops) => {
      const all = waiting.concat(ops)
      const out: ViewOp[] = []
      waiting = []
      let at = 0
      for (; at < all.length && state === 'open'; at++) {
        const op = all[at] as ViewOp
        out.push(op)
        if (op.op === 'block') {
          language =
            op.block.type === 'code' ? (op.block.info.trim().split(/\s/)[0]?.toLowerCase() ?? '') : ''
          draw = language ? drawers[language] : undefined
          path = op.path
          source = ''
        } else if (op.op === 'text' && draw) source += op.text
        else if (op.op === 'done' && draw) {
          begin(draw(source))
          draw = undefined
        }
      }
      waiting = all.slice(at)
      return out
    }
  }
}

const imageOps = (src: string, alt: string, path: readonly Enclosure[]): ViewOp[] => [
  { op: 'block', key: -1, block: { type: 'paragraph' }, gap: true, path, starts: 0 },
  { op: 'run', look: { kind: 'image', style: 0, src, title: '' } },
  { op: 'text', text: alt },
  { op: 'done', key: -1 },
]
