// Writes to a log until the system takes no more, and prints what came of it.
import { ChannelError } from '../../../../src/core/channel-error.js'
import { fileLog } from '../../../../src/server/log/file/file-log.js'

let errors = 0
const log = fileLog({ directory: process.argv[2] ?? '', onError: () => errors++ })
const common = { format: 'json', metadata: {}, timeoutMs: Infinity, tombstone: 'refuse' } as const
const codeOf = (error: unknown) => (error instanceof ChannelError ? error.code : String(error))

await log.create({ ...common, channelId: 'room', kind: 'feed' })
await log.create({ ...common, channelId: 'run', kind: 'run' })
let taken = 0
const refusals: string[] = []
while (refusals.length === 0) {
  const event = { type: 'message', data: 'x'.repeat(1_000) }
  await log.append('room', [event]).then(
    () => taken++,
    (error: unknown) => refusals.push(codeOf(error)),
  )
}
// Larger than what is left, which may be a little.
const metadata = { note: 'x'.repeat(2_000) }
await log
  .create({ ...common, metadata, channelId: 'new', kind: 'run' })
  .catch((error: unknown) => refusals.push(codeOf(error)))
const ready = await (log.ready?.() ?? Promise.resolve()).then(() => 'ready', codeOf)
const end = { type: 'message', data: 'x'.repeat(2_000) }
await log.append('run', [end], 'done')
const ended = (await log.info('run'))?.status
process.stdout.write(JSON.stringify({ taken, refusals, ready, ended, errors }), () => process.exit(0))
