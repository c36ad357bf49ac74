import type { CloudApp } from './cloud-app.js'

/** One way for the push socket to die, as it is numbered in docs/unicloud.md. */
export interface FailureRow {
  readonly row: string
  readonly failure: string
  /** After both channels received `{a:1}`. */
  readonly break: (app: CloudApp) => Promise<void> | void
}

const pause = (ms: number) => new Promise((resume) => setTimeout(resume, ms))

/** Those failures that happen to a channel that works. */
export const failureRows: readonly FailureRow[] = [
  { row: '1', failure: 'the socket is cut', break: ({ cloud }) => void cloud.push.gate.cut() },
  { row: '1', failure: 'the gateway restarts', break: ({ cloud }) => cloud.push.gate.restart(400) },
  { row: '2', failure: 'the socket is half-open', break: ({ cloud }) => cloud.push.gate.freeze() },
  {
    row: '3',
    failure: 'a reconnect is stuck',
    async break({ cloud, hide, show }) {
      cloud.push.gate.admission = 'swallow'
      cloud.push.gate.cut()
      await hide()
      await pause(200)
      await show()
      await pause(200)
      cloud.push.gate.admission = 'forward'
    },
  },
  {
    row: '4',
    failure: 'connects are refused until the SDK refuses itself',
    async break({ cloud, hide, show }) {
      cloud.push.gate.admission = 'refuse'
      cloud.push.gate.cut()
      await hide()
      await pause(200)
      await show()
      await pause(1_500)
      cloud.push.gate.admission = 'forward'
    },
  },
  ...[20, 21, 23, 24].map((code) => ({
    row: '8',
    failure: `the gateway says goodbye with ${code}`,
    async break(app: CloudApp) {
      const { logins } = app.cloud.push
      app.cloud.push.dismiss(code)
      // A visible page with the plugin is back after 21 before anybody can look.
      await app.until(() => !app.isOnline() || app.cloud.push.logins > logins, 'the goodbye')
    },
  })),
  {
    row: '13',
    failure: 'the client id changes',
    break({ cloud }) {
      cloud.push.forgetClients()
      cloud.push.gate.cut()
    },
  },
  {
    row: '14',
    failure: 'one push is lost',
    break({ cloud }) {
      // Each channel loses its next push.
      const hit = new Set<string>()
      cloud.push.fault = ({ message }, deliver) => {
        const { payload } = JSON.parse(message) as { payload: { seqId: string } }
        if (hit.has(payload.seqId)) deliver()
        hit.add(payload.seqId)
      }
    },
  },
]
