/** What a reader has chosen to send with a message. */
export interface ChatFile {
  /** Where the platform has it; on H5 an object URL. */
  readonly path: string
  readonly name: string
  readonly mediaType: string
  /** In bytes; 0 where the platform does not tell. */
  readonly size: number
  /** On H5: the browser's own. */
  readonly file?: File | undefined
}

const TYPES: Readonly<Record<string, string>> = {
  jpg: 'image/jpeg',
  jpeg: 'image/jpeg',
  png: 'image/png',
  gif: 'image/gif',
  webp: 'image/webp',
  heic: 'image/heic',
  pdf: 'application/pdf',
  txt: 'text/plain',
  md: 'text/markdown',
  csv: 'text/csv',
  json: 'application/json',
  docx: 'application/vnd.openxmlformats-officedocument.wordprocessingml.document',
  xlsx: 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet',
  pptx: 'application/vnd.openxmlformats-officedocument.presentationml.presentation',
  m4a: 'audio/mp4',
  mp3: 'audio/mpeg',
  mp4: 'video/mp4',
}

/** By the ending of a name; what is not known is bytes. */
export function mediaTypeOf(name: string): string {
  const ending = /\.(\w+)(?:[?#].*)?$/.exec(name)?.[1] ?? ''
  return TYPES[ending.toLowerCase()] ?? 'application/octet-stream'
}
