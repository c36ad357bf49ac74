import { afterEach, beforeEach, expect, it } from 'vitest'
import { effectScope, type EffectScope } from 'vue'
import { servedStorage } from '../../src/chat/storage/served-storage.js'
import { onlyNewMessage, useChannelStore, useChat, useConversations } from '../../src/index.js'
import { createMemoryDevice } from '../../src/platform/device-storage.js'
import { eventually } from '../helpers/eventually.js'
import { serveConversations, type ServedConversations } from '../server/conversations/serve-conversations.js'

let served: ServedConversations
const scopes: EffectScope[] = []
beforeEach(async () => {
  served = await serveConversations()
})
afterEach(async () => {
  for (const scope of scopes.splice(0)) scope.stop()
  useChannelStore().clear()
  await served.close()
})

/** The list and a chat on a device of its own. */
function open(id: string) {
  const scope = effectScope()
  scopes.push(scope)
  const headers = { 'x-user': 'ann' }
  const storage = servedStorage(createMemoryDevice(), { url: served.base, headers })
  const key = `${id} ${scopes.length}`
  const made = scope.run(() => ({
    ...useConversations({ storage }),
    chat: useChat({ url: served.base, headers, id, key, storage, prepareRequest: onlyNewMessage }),
  }))
  if (!made) throw new Error('the scope is stopped')
  return { ...made, titles: () => made.conversations.value.map(({ title }) => title) }
}

const titlesThere = async () =>
  (await served.conversations.list('ann')).conversations.map(({ title }) => title)
const thereIs = (titles: readonly string[]) =>
  eventually(
    `the server lists ${titles.join()}`,
    async () => JSON.stringify(await titlesThere()) === JSON.stringify(titles),
  )

it('lists what is on the server; names, pins and removals get there, and to other devices', async () => {
  const one = open('one')
  await one.chat.sendMessage('first question')
  const two = open('two')
  await two.chat.sendMessage('second question')
  await thereIs(['second question', 'first question'])
  await eventually('both are listed', () => two.titles().length === 2)
  expect(two.error.value).toBeUndefined()

  await two.rename('one', 'renamed')
  await two.pin('one', true)
  await thereIs(['renamed', 'second question'])
  expect(two.titles()).toEqual(['renamed', 'second question'])
  await eventually('another device lists it so', () => {
    const other = open('three')
    return eventually('listed', () => other.titles().length === 2).then(
      () => JSON.stringify(other.titles()) === JSON.stringify(['renamed', 'second question']),
    )
  })
  await two.remove('one')
  await thereIs(['second question'])
  await eventually('it is gone', () => JSON.stringify(two.titles()) === JSON.stringify(['second question']))
})
