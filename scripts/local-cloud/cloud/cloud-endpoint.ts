// A stand-in for the endpoint that the published uniCloud client calls (its `aliyun` provider). It can't show
// authentication, quotas, cold starts, the limit of a call's duration, nor the cloud's network.
import { randomUUID } from 'node:crypto'
import type { IncomingMessage, RequestListener, ServerResponse } from 'node:http'
import { text } from 'node:stream/consumers'
import type { CloudFunctions } from './cloud-functions.js'

/** A demo may run for days. */
const MAX_CALLS = 1_000

interface ClientRequest {
  readonly method: string
  /** JSON text. */
  readonly params: string
}

interface Invocation {
  readonly functionTarget: string
  readonly functionArgs: unknown
}

export interface CloudCall {
  readonly name: string
  readonly event: unknown
}

/** `calls` gets every invocation; it holds the newest. */
export function createCloudEndpoint(functions: CloudFunctions, calls: CloudCall[]): RequestListener {
  return (request, response) => {
    // The client may be gone before the answer; a function runs to its end all the same.
    void answer(request, response, functions, calls).catch(() => response.destroy())
  }
}

async function answer(
  request: IncomingMessage,
  response: ServerResponse,
  functions: CloudFunctions,
  calls: CloudCall[],
): Promise<void> {
  const head = {
    'access-control-allow-origin': '*',
    'access-control-allow-headers': '*',
    'access-control-expose-headers': 'request-id',
    'content-type': 'application/json',
    'request-id': randomUUID(),
  }
  if (request.method === 'OPTIONS') return void response.writeHead(204, head).end()
  const { method, params } = JSON.parse(await text(request)) as ClientRequest
  const body = await dispatch(method, JSON.parse(params || '{}'), functions, calls)
  response.writeHead(200, head).end(JSON.stringify(body))
}

async function dispatch(
  method: string,
  params: unknown,
  functions: CloudFunctions,
  calls: CloudCall[],
): Promise<object> {
  if (method === 'serverless.auth.user.anonymousAuthorize')
    return { success: true, data: { accessToken: randomUUID(), expiresInSecond: 600 } }
  if (method !== 'serverless.function.runtime.invoke')
    return { success: false, error: { code: 'METHOD_NOT_SUPPORTED', message: method } }
  const { functionTarget: name, functionArgs: event } = params as Invocation
  calls.push({ name, event })
  if (calls.length > MAX_CALLS) calls.splice(0, MAX_CALLS / 10)
  try {
    return { success: true, data: (await functions.invoke(name, event)) ?? null }
  } catch (thrown) {
    return { success: false, error: explain(thrown) }
  }
}

/** As the cloud tells of it: what a function throws is a FunctionBizError, with its code in front of the text. */
function explain(thrown: unknown): { code: string; message: string } {
  const { code, message = String(thrown) } = Object(thrown) as { code?: string; message?: string }
  if (code === 'FUNCTION_NOT_FOUND') return { code, message }
  return { code: 'FunctionBizError', message: code ? `${code}:${message}` : message }
}
