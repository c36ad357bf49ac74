export interface RequestOptions {
  url: string
  method?: string
  data?: string | ArrayBuffer | Record<string, unknown>
  header?: Record<string, unknown>
  timeout?: number
  dataType?: string
  responseType?: string
  enableChunked?: boolean
}

export interface EncodedRequest {
  url: string
  method: string
  header: Record<string, string>
  body?: string | ArrayBuffer
}

/** Where `data` goes: into the query of a GET, else into the body as a form or as JSON, by its content type. */
export function encodeRequest({ url, data, ...options }: RequestOptions): EncodedRequest {
  const method = (options.method ?? 'GET').toUpperCase()
  const header: Record<string, string> = {}
  for (const [name, value] of Object.entries(options.header ?? {})) header[name.toLowerCase()] = String(value)
  const fields =
    data !== undefined && typeof data !== 'string' && !(data instanceof ArrayBuffer) ? data : undefined
  if (method === 'GET' || method === 'HEAD') {
    const query = fields ? toForm(fields) : ''
    return { url: query ? `${url}${url.includes('?') ? '&' : '?'}${query}` : url, method, header }
  }
  header['content-type'] ??= 'application/json'
  if (data === undefined) return { url, method, header }
  if (!fields) return { url, method, header, body: data as string | ArrayBuffer }
  const form = header['content-type'].includes('x-www-form-urlencoded')
  return { url, method, header, body: form ? toForm(fields) : JSON.stringify(fields) }
}

function toForm(fields: Record<string, unknown>): string {
  const pairs = Object.entries(fields).map(([name, value]) => [
    name,
    typeof value === 'object' ? JSON.stringify(value) : String(value),
  ])
  return new URLSearchParams(pairs as [string, string][]).toString()
}
