'use strict'
// eslint-disable-next-line @typescript-eslint/no-require-imports
const { deserializeSSEChannel, databaseLog } = require('uni-sse-channel/cloud')

module.exports = {
  /** The same task as a method of a cloud object. */
  async executeTask({ channel: descriptor, steps = 5, stepMs = 600 }) {
    const channel = deserializeSSEChannel(descriptor, { log: databaseLog(uniCloud.database()) })
    // A call that was sent twice ends here, before it costs anything.
    await channel.claim()
    for (let step = 1; step <= steps; step++) {
      await new Promise((resume) => setTimeout(resume, stepMs))
      await channel.write({
        progress: Math.round((step / steps) * 100),
        result: `step ${step} of ${steps} done`,
      })
    }
    await channel.end({ progress: 100, result: 'all done' })
    return { steps }
  },
}
