const CODES: Record<string, [number, string]> = {
  ECONNREFUSED: [-102, 'ERR_CONNECTION_REFUSED'],
  ECONNRESET: [-101, 'ERR_CONNECTION_RESET'],
  ENOTFOUND: [-105, 'ERR_NAME_NOT_RESOLVED'],
  UND_ERR_SOCKET: [-101, 'ERR_CONNECTION_RESET'],
}

/** The machine's error in the words of WeChat's network stack, which speaks Chromium's error numbers. */
export function networkErrorText(error: unknown, afterHead: boolean): string {
  const cause = (error as { cause?: { code?: string } } | null)?.cause?.code ?? ''
  const reset: [number, string] = afterHead ? [-355, 'ERR_INCOMPLETE_CHUNKED_ENCODING'] : [-2, 'ERR_FAILED']
  const [code, name] = (afterHead ? undefined : CODES[cause]) ?? reset
  return `errcode:${code} cronet_error_code:${code} error_msg:net::${name}`
}
