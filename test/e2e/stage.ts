import { afterEach, beforeAll, expect } from 'vitest'
import type { StaticServer } from '../hosts/static-server.js'
import { ChatApi } from './chat-api.js'
import { withoutSpace, type ChatApp } from './chat-app.js'
import { plainText } from './plain-text.js'

export interface Stage<App extends ChatApp> {
  readonly api: ChatApi
  readonly server: StaticServer
  readonly app: App
}

export interface Platform<App extends ChatApp> {
  /** What takes long and is needed once: the build. */
  readonly prepare?: () => Promise<unknown>
  readonly serve: (api: ChatApi) => Promise<StaticServer>
  readonly open: (server: StaticServer) => Promise<App>
}

/** Sets up server and app for a test, and takes both away after it. */
export function useStage<App extends ChatApp>(platform: Platform<App>) {
  let stage: Stage<App> | undefined

  beforeAll(async () => {
    await platform.prepare?.()
  })
  afterEach(async () => {
    const ended = stage
    stage = undefined
    await ended?.app.close()
    await ended?.api.close()
    await ended?.server.close()
  })

  return async function setStage(...log: ConstructorParameters<typeof ChatApi>): Promise<Stage<App>> {
    const api = new ChatApi(...log)
    const server = await platform.serve(api)
    stage = { api, server, app: await platform.open(server) }
    return stage
  }
}

/** Lets an answer go to its end, waits for that, and holds it against what the server wrote, to the character. */
export async function expectWholeAnswer({ api, app }: Stage<ChatApp>): Promise<void> {
  if (api.heldAt < Infinity) {
    api.heldAt = Infinity
    api.paceMs = Math.min(api.paceMs, 2)
  }
  const ended = await app.waitFor(
    async () => {
      const stored = await app.stored()
      return stored && !['submitted', 'streaming'].includes(stored.status) ? stored : undefined
    },
    { timeoutMs: 90_000, what: 'the end of the answer' },
  )
  expect(ended?.status).toBe('done')
  expect(ended?.answer).toBe(api.text)
  // Read as markdown, by an engine that saw it whole.
  const expected = withoutSpace(plainText(api.text))
  // The end is stored before a view in another process shows it.
  await app.waitFor(async () => withoutSpace(await app.shown()) === expected).catch(() => undefined)
  expect(withoutSpace(await app.shown())).toBe(expected)
  expect(app.errors()).toEqual([])
}

/** The server saw one start (or as many as were asked), and the app applied each event of the log once. */
export async function expectEachEventOnce({ api, app }: Stage<ChatApp>, starts = 1): Promise<void> {
  expect(api.starts).toBe(starts)
  const events = await api.events()
  await app.leaveChat()
  await app.waitFor(async () => new RegExp(`\\b${events} (events|个事件)`).test(await app.text()), {
    what: `${events} events in the list of channels`,
  })
}

/** Waits until the server has written so many more pieces, and holds the answer back no earlier. */
export const progressed = async ({ api, app }: Stage<ChatApp>, pieces: number) => {
  const goal = api.written + pieces
  api.heldAt = Math.max(api.heldAt, goal)
  await app.waitFor(async () => api.written >= goal, {
    what: `piece ${goal} of the answer`,
  })
}

/** Asks, and waits until the answer is on its way. It does not end before `expectWholeAnswer`, however slow the app is. */
export async function askSlowly({ api, app }: Stage<ChatApp>, prompt: string): Promise<void> {
  api.paceMs = 6
  api.heldAt = Math.floor(api.pieces / 2)
  await app.ask(prompt)
  await app.waitFor(async () => (await app.shown()).length > 100)
}

/** Connections that read on from a cursor. */
export const resumes = ({ api }: Stage<ChatApp>): number =>
  api.requests.filter(({ lastEventId }) => lastEventId !== undefined).length

/** A new connection reads on; from then on the answer comes fast. */
export async function resumed(stage: Stage<ChatApp>): Promise<void> {
  await stage.app.waitFor(async () => resumes(stage) > 0, { what: 'a new connection' })
  stage.api.paceMs = 1
}
