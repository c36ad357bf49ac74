// npm start: builds the H5 demo and serves it with its API, and a uniCloud of its own, from one process.
import { resolve } from 'node:path'
import { memoryLog } from 'uni-sse-channel/server'
import { compressFiles } from './compress-files.js'
import { createDemoServer } from './demo-server.js'
import { createLocalCloud } from './local-cloud/cloud/create-local-cloud.js'
import { localCloudEnv } from './local-cloud/local-cloud-env.js'
import { requirePort } from './require-port.js'
import { runQuietly } from './run.js'

/** Apart from `npm run build:h5`, which contains nothing of uniCloud. */
const OUTPUT = resolve('dist/build/h5-local-cloud')
const port = Number(process.env.PORT ?? 3000)

await requirePort(port, 'npm start')
console.log('Building the H5 demo …')
// The vendor's advice on publishing is for a real cloud.
await runQuietly('node', ['scripts/uni.cjs', 'build'], { ...localCloudEnv(), UNI_OUTPUT_DIR: OUTPUT })
compressFiles(OUTPUT)

const cloud = await createLocalCloud({ functions: ['uniCloud-aliyun/cloudfunctions'] })
const { server, model } = createDemoServer(OUTPUT, process.env, memoryLog(), cloud)
server.on('error', (error: NodeJS.ErrnoException) => {
  console.error(
    error.code === 'EADDRINUSE' ? `Port ${port} is in use. Try: PORT=3001 npm start` : error.message,
  )
  process.exit(1)
})
server.listen(port, () => {
  console.log(`\nAnswers come from ${model}.`)
  console.log(`Open  http://localhost:${port}`)
  console.log(
    `Or    curl -N -d '{"prompt":"你好"}' -H 'content-type: application/json' localhost:${port}/api/chat`,
  )
})
