// npm run dev: the API with reload on one port, uni-app's dev server with reload in front of it.
import { spawn } from 'node:child_process'
import { localCloudEnv } from './local-cloud/local-cloud-env.js'
import { requirePlatform } from './require-platform.cjs'
import { requirePort } from './require-port.js'

const api = process.env.API_PORT ?? '3001'
const args = process.argv.slice(2)
// Only H5 has the page that shows uniCloud.
const cloud = args.some((arg) => /^(-p|--platform)/.test(arg)) ? {} : localCloudEnv()
// What is no page of the dev server has to be told where the API is.
const server = process.env.VITE_DEMO_SERVER ?? `http://127.0.0.1:${api}`
const env = { ...process.env, API_PORT: api, VITE_DEMO_SERVER: server, ...cloud }
requirePlatform(args)
await requirePort(Number(api), 'npm run dev', 'API_PORT')
const children = [
  spawn('npx', ['tsx', 'watch', '--include', 'uniCloud-aliyun/**/*', 'scripts/api.ts'], {
    stdio: 'inherit',
    env,
  }),
  spawn('node', ['scripts/uni.cjs', ...args], { stdio: 'inherit', env }),
]

function end(code: number) {
  for (const child of children) child.kill()
  process.exitCode = code
}
for (const child of children) child.on('exit', (code) => end(code ?? 0))
process.on('SIGINT', () => end(0))
process.on('SIGTERM', () => end(0))
