// The server: it keeps the model's key, and the answers.
import { createServer } from 'node:http'
import {
  createHandler,
  createHub,
  demoModel,
  memoryLog,
  openAIModel,
  readChatInput,
} from 'uni-sse-channel/server'

const {
  PORT = '3000',
  OPENAI_BASE_URL = 'https://api.deepseek.com',
  OPENAI_API_KEY,
  OPENAI_MODEL = 'deepseek-chat',
} = process.env

// Without a key a built-in model answers.
const model = OPENAI_API_KEY
  ? openAIModel({ baseUrl: OPENAI_BASE_URL, apiKey: OPENAI_API_KEY, model: OPENAI_MODEL })
  : demoModel()

const handler = createHandler(createHub({ log: memoryLog() }), {
  basePath: '/api/chat',
  cors: '*', // before you go live: list the origins of your own pages
  start: ({ body }) => model(readChatInput(body)),
})

const server = createServer(handler).listen(PORT, () => {
  console.log(`http://127.0.0.1:${server.address().port}/api/chat`)
})
