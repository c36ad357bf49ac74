// Fills the disk when the next write needs a file more, makes room again, and prints what came of it.
import { ChannelError } from '../../../../src/core/channel-error.js'
import { fileLog } from '../../../../src/server/log/file/file-log.js'
import { setRoom } from './no-room.js'

let errors = 0
const log = fileLog({ directory: process.argv[2] ?? '', segmentBytes: 1_000, onError: () => errors++ })
const common = { format: 'json', metadata: {}, timeoutMs: Infinity, tombstone: 'refuse' } as const
const append = (data: string) =>
  log.append('room', [{ type: 'message', data }]).then(
    () => 'taken',
    (error: unknown) => (error instanceof ChannelError ? error.code : String(error)),
  )

await log.create({ ...common, channelId: 'room', kind: 'feed' })
await append('x'.repeat(2_000))
setRoom('none')
const refused = await append('lost')
await append('lost')
setRoom('any')
await append('after')
const stillKept = (await log.info('room'))?.events
await log.close()
process.stdout.write(JSON.stringify({ refused, stillKept, errors }))
