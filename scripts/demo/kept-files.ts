import { randomBytes } from 'node:crypto'

export interface KeptFile {
  readonly name: string
  readonly mediaType: string
  readonly bytes: Buffer
}

/** Uploads of the demo, in memory: the newest of them, as many as fit. */
export interface KeptFiles {
  /** @returns the id */
  add(file: KeptFile): string
  get(id: string): KeptFile | undefined
}

export function createKeptFiles(maxBytes = 64 * 1024 * 1024): KeptFiles {
  const files = new Map<string, KeptFile>()
  let size = 0
  return {
    add(file) {
      const id = randomBytes(18).toString('base64url')
      files.set(id, file)
      size += file.bytes.length
      for (const [oldest, { bytes }] of files) {
        if (size <= maxBytes || oldest === id) break
        files.delete(oldest)
        size -= bytes.length
      }
      return id
    },
    get: (id) => files.get(id),
  }
}

/** The first file of a form, as `uni.uploadFile` sends it. `undefined`: there is none. */
export function fileOfForm(contentType: string, body: Buffer): KeptFile | undefined {
  const boundary = /boundary="?([^";]+)"?/i.exec(contentType)?.[1]
  if (boundary === undefined) return undefined
  // Of its bytes each is a character of latin1.
  for (const part of body.toString('latin1').split(`--${boundary}`)) {
    const end = part.indexOf('\r\n\r\n')
    const head = Buffer.from(part.slice(0, end), 'latin1').toString('utf8')
    const name = /filename="([^"]*)"/i.exec(head)?.[1]
    if (end < 0 || name === undefined) continue
    const mediaType = /content-type:\s*([^\s;]+)/i.exec(head)?.[1] ?? 'application/octet-stream'
    return { name, mediaType, bytes: Buffer.from(part.slice(end + 4).replace(/\r\n$/, ''), 'latin1') }
  }
  return undefined
}
