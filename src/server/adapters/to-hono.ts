import type { FetchHandler } from '../http/create-fetch-handler.js'

/** What is used of a Hono context. */
interface ContextLike {
  readonly req: { readonly raw: Request }
}

/**
 * A fetch handler as a Hono handler. Its `basePath` is that of the whole address.
 * @param addressOf the client's address, which each runtime tells in its own way
 * @example app.all('/api/chat/*', toHono(createFetchHandler(hub, { basePath: '/api/chat', start })))
 */
export function toHono<Context extends ContextLike>(
  handler: FetchHandler,
  addressOf: (context: Context) => string | undefined = () => undefined,
) {
  return (context: Context): Promise<Response> => handler(context.req.raw, { address: addressOf(context) })
}
