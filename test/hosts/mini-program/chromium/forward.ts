/** Set by the host's server where the connection failed before an answer began. */
export const FORWARD_FAILED = 'x-forward-failed'

/**
 * `fetch` as a phone's own: without CORS, through the host's own server, and without the browser's habit of repeating
 * a request whose connection was reset before the answer began.
 */
export const forward: typeof fetch = async (url, init) => {
  const response = await fetch(`/forward?url=${encodeURIComponent(String(url))}`, init)
  if (response.headers.has(FORWARD_FAILED)) throw new TypeError('Failed to fetch')
  return response
}
