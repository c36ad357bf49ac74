// Runs in the service layer of the App host: runs are begun and looked at from outside.
import { appViewTransport } from '../../src/transports/app-view.js'
import { runClient, type ClientRun, type ClientRunOptions } from './client-run.js'

interface Begun {
  delivered: number
  result: ClientRun | undefined
}

const runs: Begun[] = []

function beginRun(options: ClientRunOptions): number {
  const begun: Begun = { delivered: 0, result: undefined }
  const onEvent = (count: number) => (begun.delivered = count)
  void runClient(() => appViewTransport, { ...options, onEvent }).then((result) => (begun.result = result))
  return runs.push(begun) - 1
}

Object.assign(globalThis, {
  beginRun,
  deliveredOf: (index: number) => runs[index]?.delivered ?? 0,
  isOver: (index: number) => runs[index]?.result !== undefined,
  resultOf: (index: number) => runs[index]?.result,
})
