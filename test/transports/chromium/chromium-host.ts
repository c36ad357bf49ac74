import { fileURLToPath } from 'node:url'
import { bundlePage } from '../../helpers/bundle-page.js'
import { launchChromium, type Browser } from '../../hosts/chromium/launch-chromium.js'
import type { Page } from '../../hosts/chromium/page.js'
import { startHttpServer, type HttpServer } from '../../helpers/http-server.js'
import type { Heard } from '../record-stream.js'
import type { Opened, TransportHost } from '../transport.contract.js'
import type { PageApi } from './page.js'

type Realm = typeof globalThis & { transportsApi: PageApi }

/** A page of its own origin, so that everything it reads crosses origins. */
export class ChromiumRealm {
  #browser: Browser | undefined
  #server: HttpServer | undefined
  #page: Page | undefined

  async open(): Promise<void> {
    const script = await bundlePage(fileURLToPath(new URL('page.ts', import.meta.url)))
    this.#server = await startHttpServer(({ url }, response) => {
      const isScript = url === '/page.js'
      response.writeHead(200, { 'content-type': isScript ? 'text/javascript' : 'text/html; charset=utf-8' })
      response.end(isScript ? script : '<!doctype html><script src="/page.js"></script>')
    })
    this.#browser = await launchChromium()
    this.#page = await this.#browser.newPage(this.#server.url)
  }

  async close(): Promise<void> {
    await this.#browser?.close()
    await this.#server?.close()
  }

  get page(): Page {
    if (!this.#page) throw new Error('not open')
    return this.#page
  }

  /** A transport of this name, running in the page. */
  host(name: string): TransportHost {
    return {
      open: async (request, hangUpAfter): Promise<Opened> => {
        const index = await this.page.evaluate(
          (...args: Parameters<PageApi['open']>) => (globalThis as Realm).transportsApi.open(...args),
          ...([name, request, hangUpAfter] as Parameters<PageApi['open']>),
        )
        return {
          heard: async () =>
            (await this.page.evaluate(
              (at: number) => (globalThis as Realm).transportsApi.heard(at),
              index,
            )) as Heard,
          hangUp: () =>
            this.page.evaluate((at: number) => (globalThis as Realm).transportsApi.hangUp(at), index),
        }
      },
    }
  }
}
