// Runs inside Chromium: ours beside the browser's own.
import { EventSource as Ours } from '../../src/client/standard-event-source.js'
import type { Case } from './case.js'
import { askInterface } from './interface-questions.js'
import { cases } from './event-source-cases.js'
import { recordSource, type Constructor } from './record-source.js'

const constructors = { ours: Ours as unknown as Constructor, native: globalThis.EventSource as Constructor }

export interface CasePage {
  run(which: keyof typeof constructors, index: number, base: string): Promise<string[]>
  ask(which: keyof typeof constructors, url: string): Record<string, unknown>
}

const api: CasePage = {
  run: (which, index, base) =>
    recordSource(constructors[which], `${base}/case/${index}`, cases[index] as Case, () => {
      void fetch(`${base}/cut`, { mode: 'no-cors' })
    }),
  ask: (which, url) => askInterface(constructors[which] as unknown as typeof EventSource, url),
}

Object.assign(globalThis, { casePage: api, Ours })
