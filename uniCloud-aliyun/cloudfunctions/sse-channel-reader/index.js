'use strict'
// eslint-disable-next-line @typescript-eslint/no-require-imports
const { createReader, databaseLog } = require('uni-sse-channel/cloud')

/** Where clients read what a push did not bring them, and where a stop goes. */
exports.main = createReader({ log: databaseLog(uniCloud.database()) })
