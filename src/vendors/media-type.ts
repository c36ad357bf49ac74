const types: Readonly<Record<string, string>> = {
  png: 'image/png',
  jpg: 'image/jpeg',
  jpeg: 'image/jpeg',
  gif: 'image/gif',
  webp: 'image/webp',
  svg: 'image/svg+xml',
  mp3: 'audio/mpeg',
  wav: 'audio/wav',
  m4a: 'audio/mp4',
  ogg: 'audio/ogg',
  mp4: 'video/mp4',
  webm: 'video/webm',
  pdf: 'application/pdf',
  txt: 'text/plain',
  md: 'text/markdown',
  csv: 'text/csv',
  json: 'application/json',
}

/**
 * The media type of a file that is only known by its address, and perhaps by its kind: `image`, `audio`. By what a
 * data address says, the ending of the name, the kind; in this order.
 */
export function mediaTypeOf(url: string, kind = ''): string {
  const said = /^data:([^;,]+)/.exec(url)?.[1]
  if (said) return said
  const ending = /\.(\w+)$/.exec(url.replace(/[?#].*$/, ''))?.[1]?.toLowerCase() ?? ''
  const found = types[ending]
  if (found) return found
  return /^(image|audio|video)$/.test(kind) ? `${kind}/*` : 'application/octet-stream'
}
