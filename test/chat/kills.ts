import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import type { TalkApp } from './talk-app.js'
import type { TalkServer } from './talk-server.js'

/** Where the app runs. Each `open` is a launch that finds what the one before has stored. */
export interface KillStage {
  serve(): Promise<TalkServer>
  /** With empty storage. */
  install(server: TalkServer): Promise<() => Promise<TalkApp>>
}

/** An app that dies in the middle of whatever it does: nothing is lost, nothing is sent twice. */
export function describeKills(name: string, stage: KillStage): void {
  let server: TalkServer
  let open: () => Promise<TalkApp>
  let app: TalkApp
  beforeEach(async () => {
    server = await stage.serve()
    open = await stage.install(server)
    app = await open()
  })
  afterEach(async () => {
    const errors = app.errors()
    await app.kill()
    await server.close()
    expect(errors).toEqual([])
  })

  async function say(text: string, button: 'send' | 'edit' = 'send') {
    await app.type(text)
    await app.press(button)
    await app.waitFor('it is sent', async () => (await app.typed()) === '')
  }

  const shows = (...lines: (string | RegExp)[]) =>
    app.waitFor(`it shows ${lines.join(' | ')}`, async () => {
      const shown = await app.lines()
      const fits = (line: string, index: number) => {
        const wanted = lines[index]
        return wanted instanceof RegExp ? wanted.test(line) : wanted === line
      }
      return shown.length === lines.length && shown.every(fits)
    })

  async function relaunch() {
    await app.kill()
    app = await open()
  }

  const isStored = (text: string) =>
    app.waitFor(`${text} is stored`, async () => (await app.stored()).includes(text))

  describe(`${name}: the app dies in the middle of`, () => {
    test('an answer, and the next launch shows what was shown, and reads the rest', async () => {
      await say('slow one')
      await shows('user: slow one', /^assistant: half of/)
      await isStored('half of')
      await relaunch()
      // Before anything can have come again.
      expect((await app.lines())[1]).toContain('half of')
      server.letGo()
      await shows('user: slow one', 'assistant: half of the answer to: submit-message slow one (done)')
      expect([server.runs, server.posts]).toEqual([['submit-message slow one'], 1])
    })

    test('a tool call that the page has to answer, and can be answered by the next launch', async () => {
      await say('use a tool')
      await shows('user: use a tool', 'assistant: [input-available] (done)')
      await relaunch()
      await shows('user: use a tool', 'assistant: [input-available] (done)')
      await app.press('output')
      await shows('user: use a tool', /^assistant: \[output-available\] half of/)
      await isStored('half of')
      await relaunch()
      expect((await app.lines())[1]).toContain('half of')
      server.letGo()
      await shows('user: use a tool', /\[output-available\] half of the answer to: go on with .* \(done\)$/)
      expect(server.runs).toEqual(['submit-message use a tool', 'go on with output-available'])
      expect(server.posts).toBe(2)
    })

    test('a question whether a tool may run, which the next launch asks still', async () => {
      await say('ask for approval')
      await shows('user: ask for approval', 'assistant: [approval-requested] (done)')
      await relaunch()
      await shows('user: ask for approval', 'assistant: [approval-requested] (done)')
      await app.press('approve')
      await shows('user: ask for approval', /^assistant: \[output-available\] half of/)
      await isStored('half of')
      await relaunch()
      server.letGo()
      await shows('user: ask for approval', /\[output-available\] half of the answer to: .* \(done\)$/)
      expect(server.runs).toEqual(['submit-message ask for approval', 'go on with approval-responded'])
      expect(server.posts).toBe(2)
    })

    test('a queue, whose messages are sent by the next launch, each once and in order', async () => {
      await say('slow one')
      await shows('user: slow one', /half of/)
      await say('two')
      await say('three')
      await app.waitFor('both wait', async () => (await app.queue()) === 'two, three')
      await relaunch()
      expect(await app.queue()).toBe('two, three')
      server.letGo()
      await shows(
        'user: slow one',
        /\(done\)$/,
        'user: two',
        /\(done\)$/,
        'user: three',
        'assistant: half of the answer to: submit-message three (done)',
      )
      expect(await app.queue()).toBe('')
      const asked = ['slow one', 'two', 'three'].map((text) => `submit-message ${text}`)
      expect([server.runs, server.posts]).toEqual([asked, 3])
    })

    test('sending without a network: the next launch that has one sends it, once', async () => {
      await app.setOffline(true)
      await say('one')
      await shows('user: one', /^assistant:/)
      expect(server.posts).toBe(0)
      await relaunch()
      await shows('user: one', 'assistant: half of the answer to: submit-message one (done)')
      expect([server.runs, server.posts]).toEqual([['submit-message one'], 1])
    })

    test('an edit, and both the former question and the edited one are there', async () => {
      await say('one')
      await shows('user: one', /\(done\)$/)
      await say('slow edited', 'edit')
      await shows('user: slow edited', /^assistant: half of/)
      await relaunch()
      await shows('user: slow edited', /^assistant:/)
      server.letGo()
      await shows('user: slow edited', 'assistant: half of the answer to: submit-message slow edited (done)')
      await app.press('former')
      await shows('user: one', 'assistant: half of the answer to: submit-message one (done)')
      expect([server.runs, server.posts]).toEqual([['submit-message one', 'submit-message slow edited'], 2])
    })
  })
}
