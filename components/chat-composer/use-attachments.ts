import type { FilePart } from 'uni-sse-channel'
import { computed, shallowRef } from 'vue'
import type { ChatFile } from './chat-file'
import { dataUrl } from './data-url'

/** Puts a file where the server finds it; gives its address. */
export type Upload = (file: ChatFile, onProgress: (percent: number) => void) => Promise<string>

export interface Attachment {
  readonly key: number
  readonly file: ChatFile
  readonly isImage: boolean
  readonly state: 'uploading' | 'ready' | 'failed' | 'too-large'
  /** 0 to 100. */
  readonly percent: number
  readonly url: string
}

/**
 * The files of a message that is being written. Each is on its way as soon as it was chosen.
 * @param upload where to; without it a file travels in the message
 * @param maxBytes larger ones are refused
 */
export function useAttachments(upload: () => Upload | undefined, maxBytes: () => number) {
  const all = shallowRef<readonly Attachment[]>([])
  let last = 0

  function change(key: number, changes: Partial<Attachment>) {
    all.value = all.value.map((one) => (one.key === key ? { ...one, ...changes } : one))
  }

  async function send({ key, file }: Attachment) {
    change(key, { state: 'uploading', percent: 0 })
    try {
      const put: Upload = upload() ?? dataUrl
      const url = await put(file, (percent) => change(key, { percent: Math.round(percent) }))
      change(key, { state: 'ready', percent: 100, url })
    } catch {
      change(key, { state: 'failed' })
    }
  }

  return {
    all,
    add(files: readonly ChatFile[]) {
      for (const file of files) {
        const isImage = file.mediaType.startsWith('image/')
        const isTooLarge = file.size > maxBytes()
        const state = isTooLarge ? 'too-large' : 'uploading'
        const one: Attachment = { key: ++last, file, isImage, state, percent: 0, url: '' }
        all.value = [...all.value, one]
        if (!isTooLarge) void send(one)
      }
    },
    again: (one: Attachment) => void send(one),
    remove(key: number) {
      all.value = all.value.filter((one) => one.key !== key)
    },
    clear() {
      all.value = []
    },
    /** Until all are there nothing can be sent. */
    isWaiting: computed(() => all.value.some(({ state }) => state === 'uploading')),
    parts: computed((): readonly FilePart[] =>
      all.value
        .filter(({ state }) => state === 'ready')
        .map(({ file, url }) => ({
          type: 'file',
          url,
          mediaType: file.mediaType,
          filename: file.name,
        })),
    ),
  }
}
