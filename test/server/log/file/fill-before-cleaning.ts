// Fills the disk, lets a log take away what is old, and prints what came of it.
import { mkdir } from 'node:fs/promises'
import type { ChannelError } from '../../../../src/core/channel-error.js'
import { createFileJournal } from '../../../../src/server/log/file/file-journal.js'
import { openSegments } from '../../../../src/server/log/file/segments.js'
import { setRoom } from './no-room.js'

const directory = process.argv[2] ?? ''
await mkdir(directory, { recursive: true })
const segments = await openSegments(directory, () => undefined)
const errors: string[] = []
const journal = createFileJournal({
  segments,
  places: new Map(),
  segmentBytes: 1_000,
  nowOf: () => undefined,
  onError: (error: ChannelError) => errors.push(error.code),
})
for (let i = 0; i < 5; i++) journal.record({ kind: 'checked', filler: 'x'.repeat(1_500) })
const before = segments.all().length
await new Promise((resolve) => setTimeout(resolve, 20))
setRoom('none')
await journal.clean(0, 10)
const after = segments.all().length
// Twice: it is told once.
await journal.clean(0, 10)
setRoom('any')
segments.close()
process.stdout.write(JSON.stringify({ before, after, errors }))
