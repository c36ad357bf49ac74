'use strict'
// eslint-disable-next-line @typescript-eslint/no-require-imports
const { deserializeSSEChannel, databaseLog } = require('uni-sse-channel/cloud')

/** A long task that reports each step, and can be stopped between two of them. */
exports.main = async (event) => {
  const channel = deserializeSSEChannel(event.channel, { log: databaseLog(uniCloud.database()) })
  // A call that was sent twice ends here, before it costs anything.
  await channel.claim()
  const { steps = 5, stepMs = 600 } = event
  for (let step = 1; step <= steps; step++) {
    await new Promise((resume) => setTimeout(resume, stepMs))
    await channel.write({
      progress: Math.round((step / steps) * 100),
      result: `step ${step} of ${steps} done`,
    })
  }
  await channel.end({ progress: 100, result: 'all done' })
  return { steps }
}
