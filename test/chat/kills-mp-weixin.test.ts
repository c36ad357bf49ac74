import { beforeAll } from 'vitest'
import { describeKills } from './kills.js'
import { buildTalkApp, createTalkPhone } from './talk-app.js'
import { startTalkServer } from './talk-server.js'

let folder: string
beforeAll(async () => {
  folder = await buildTalkApp('mp-weixin')
})

describeKills('mp-weixin', {
  serve: () => startTalkServer(),
  install: async (server) => createTalkPhone(folder, server),
})
