import type { IncomingMessage, ServerResponse } from 'node:http'
import type { Handler } from '../http/create-handler.js'

/** What is used of a Fastify instance. */
interface FastifyLike {
  removeAllContentTypeParsers(): void
  addContentTypeParser(
    type: string,
    options: object,
    parse: (request: never, body: never, done: (error: null) => void) => void,
  ): unknown
  all(
    path: string,
    handle: (
      request: { readonly raw: IncomingMessage },
      reply: { readonly raw: ServerResponse; hijack(): void },
    ) => void,
  ): unknown
}

/**
 * A handler as a Fastify plugin. The handler's `basePath` is that of the whole address.
 * @example app.register(toFastify(createHandler(hub, { basePath: '/api/chat', start })), { prefix: '/api/chat' })
 */
export function toFastify(handler: Handler) {
  return async function channels(app: FastifyLike): Promise<void> {
    // The handler reads bodies itself, with its own limits. Only within this plugin.
    app.removeAllContentTypeParsers()
    app.addContentTypeParser('*', {}, (_request, _body, done) => done(null))
    const serve: Parameters<FastifyLike['all']>[1] = (request, reply) => {
      reply.hijack()
      handler(request.raw, reply.raw)
    }
    app.all('/', serve)
    app.all('/*', serve)
  }
}
