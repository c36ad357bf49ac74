import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { servedStorage } from '../../src/chat/storage/served-storage.js'
import { createMemoryDevice } from '../../src/platform/device-storage.js'
import { eventually } from '../helpers/eventually.js'
import { installUni, type UniQuirks } from '../helpers/uni-request.js'
import { serveConversations, type ServedConversations } from '../server/conversations/serve-conversations.js'

let served: ServedConversations
let uninstall: () => void = () => undefined
beforeEach(async () => {
  served = await serveConversations()
})
afterEach(async () => {
  uninstall()
  vi.unstubAllGlobals()
  await served.close()
})

/** A mini-program: no `fetch`, and a `uni.request` with quirks. The server is in this process, and needs the rest. */
function phone(quirks: Partial<UniQuirks>) {
  vi.stubGlobal('fetch', undefined)
  uninstall = installUni(quirks)
  return servedStorage(createMemoryDevice(), { url: served.base, headers: { 'x-user': 'ann' } })
}

const quirks: [string, Partial<UniQuirks>][] = [
  ['as it should be', {}],
  ['that hides the status', { status: 'NaN', headers: 'never', headersAtEnd: 'hidden' }],
  ['that takes refusals for failures', { refusals: 'fail' }],
]

describe.each(quirks)('httpStorage over a uni.request %s', (_, quirk) => {
  it('saves, loads, lists, removes, and knows what is not there', async () => {
    const storage = phone(quirk)
    expect(await storage.load('c')).toBeUndefined()
    const message = { id: '1', role: 'user', parts: [{ type: 'text', text: '你好' }] } as const
    const frame = { leaf: '1', queue: [], info: { title: '标题' } }
    void storage.save('c', {
      writer: 'w',
      nodes: [{ key: '1', parent: undefined, message }],
      removed: [],
      frame,
    })
    const name = { userId: 'ann', chatId: 'c' }
    await eventually('it is there', async () => (await served.conversations.load(name))?.nodes.length === 1)

    const other = servedStorage(createMemoryDevice(), { url: served.base, headers: { 'x-user': 'ann' } })
    expect(await other.load('c')).toMatchObject({ leaf: '1', nodes: [{ message }] })
    expect(await other.list()).toMatchObject([{ id: 'c', title: '标题' }])
    void other.remove('c')
    await eventually('it is gone', async () => (await served.conversations.load(name)) === undefined)
    const nobody = servedStorage(createMemoryDevice(), { url: served.base })
    await expect(nobody.load('c') as Promise<unknown>).rejects.toMatchObject({ code: 'UNAUTHORIZED' })
  })
})
