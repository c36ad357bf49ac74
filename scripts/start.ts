// npm start: builds the H5 demo and serves it with its API from one process.
import { run } from './run.js'
import { createDemoServer } from './demo-server.js'

const port = Number(process.env.PORT ?? 3000)

console.log('Building the H5 demo …')
await run('node', ['scripts/uni.cjs', 'build'])

const { server, model } = createDemoServer('dist/build/h5')
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
