// Runs in the service layer of the App host: streams in a WebView of the app's own, and whole sessions, asked for from
// outside.
import { appView, type AppViewOptions } from '../../../src/transports/app-view.js'
import type { TransportRequest } from '../../../src/transports/transport.js'
import { recordStream, type Recording } from '../record-stream.js'
import { runSession, type SessionRun } from '../run-session.js'

interface Begun {
  readonly run: SessionRun
  end: { outcome: string; code: string | undefined } | undefined
}

const recordings: Recording[] = []
const runs: Begun[] = []

function begin(base: string, webView: AppViewOptions['webView']): number {
  const transport = appView(webView === undefined ? {} : { webView })
  const run = runSession({ base, transport })
  const begun: Begun = { run, end: undefined }
  void run.over.then(({ outcome, error }) => (begun.end = { outcome, code: error?.code }))
  return runs.push(begun) - 1
}

Object.assign(globalThis, {
  open: (request: TransportRequest, hangUpAfter?: number, webView: AppViewOptions['webView'] = 'own') =>
    recordings.push(recordStream(appView({ webView }), request, hangUpAfter)) - 1,
  heard: (index: number) => recordings[index]?.heard,
  hangUp: (index: number) => recordings[index]?.hangUp(),
  begin,
  textOf: (index: number) => runs[index]?.run.text,
  endOf: (index: number) => runs[index]?.end,
})
