const FORM = /^(?!ff)[\da-f]{2}-(?!0{32})[\da-f]{32}-(?!0{16})[\da-f]{16}-[\da-f]{2}(?=$|-)/

/**
 * What a request says of the trace that it belongs to, if it says it in the form of W3C: numbers and nothing else.
 * @see https://www.w3.org/TR/trace-context/#traceparent-header
 */
export function traceParentOf(headers: Readonly<Record<string, string | undefined>>): string | undefined {
  return FORM.exec(headers['traceparent']?.trim() ?? '')?.[0]
}
