// Runs inside Chromium: ours beside the browser's own.
import { EventSource as Ours } from '../../src/client/event-source.js'
import { cases, type Case } from './event-source-cases.js'
import { recordSource, type Constructor } from './record-source.js'

const constructors = { ours: Ours as unknown as Constructor, native: globalThis.EventSource as Constructor }

export interface CasePage {
  run(which: keyof typeof constructors, index: number, base: string): Promise<string[]>
}

const api: CasePage = {
  run: (which, index, base) =>
    recordSource(constructors[which], `${base}/case/${index}`, cases[index] as Case),
}

Object.assign(globalThis, { casePage: api, Ours })
