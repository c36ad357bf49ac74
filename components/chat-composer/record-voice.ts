import type { ChatFile } from './chat-file'
// #ifdef H5
import { fromBrowser } from './pick-files'
// #endif

/** What is being recorded now. */
export interface Recording {
  /** Ends it, and gives what was said. @throws what the platform says when nothing came of it */
  stop(): Promise<ChatFile>
  /** Ends it, and forgets it. */
  cancel(): void
}

/** Longer than anybody asks; the platforms' own limit, in milliseconds. */
const MAX_MS = 600_000

/** Whether this device gives an app the microphone. A reader may still refuse. */
export function canRecord(): boolean {
  // #ifdef H5
  // Pages that are not secure have no mediaDevices.
  return typeof MediaRecorder === 'function' && Boolean(navigator.mediaDevices)
  // #endif
  // #ifndef H5
  return typeof uni.getRecorderManager === 'function'
  // #endif
}

/** Begins to record. @throws what the platform says: no microphone, or the reader refused it */
export function recordVoice(): Promise<Recording> {
  // #ifdef H5
  return recordInBrowser()
  // #endif
  // #ifndef H5
  return recordByManager()
  // #endif
}

// #ifdef H5
const ENDINGS: Readonly<Record<string, string>> = { 'audio/mp4': 'm4a', 'audio/ogg': 'ogg' }

async function recordInBrowser(): Promise<Recording> {
  const stream = await navigator.mediaDevices.getUserMedia({ audio: true })
  const recorder = new MediaRecorder(stream)
  const pieces: Blob[] = []
  recorder.addEventListener('dataavailable', ({ data }) => pieces.push(data))
  const ended = new Promise<void>((resolve) => recorder.addEventListener('stop', () => resolve()))
  recorder.start()
  const limit = setTimeout(end, MAX_MS)
  function end(): Promise<void> {
    clearTimeout(limit)
    if (recorder.state !== 'inactive') recorder.stop()
    // The browser shows that it listens until the last of them is.
    for (const track of stream.getTracks()) track.stop()
    return ended
  }
  return {
    async stop() {
      await end()
      const type = recorder.mimeType.split(';')[0] || 'audio/webm'
      return fromBrowser(new File(pieces, `voice.${ENDINGS[type] ?? 'webm'}`, { type }))
    },
    cancel: () => void end(),
  }
}
// #endif

// #ifndef H5
interface Waiting {
  begun(): void
  ended(file: ChatFile): void
  failed(reason: unknown): void
}

let manager: UniApp.RecorderManager | undefined
let waiting: Waiting | undefined

/** An app has one, whose listeners can't be taken away. */
function onlyManager(): UniApp.RecorderManager {
  const only = uni.getRecorderManager()
  only.onStart(() => waiting?.begun())
  only.onStop((result: { tempFilePath: string; fileSize?: number }) => {
    const { tempFilePath: path, fileSize: size = 0 } = result
    waiting?.ended({ path, name: 'voice.mp3', mediaType: 'audio/mpeg', size })
  })
  only.onError((reason: unknown) => waiting?.failed(reason))
  return only
}

function recordByManager(): Promise<Recording> {
  const recorder = (manager ??= onlyManager())
  return new Promise((resolve, reject) => {
    const ended = new Promise<ChatFile>((end, fail) => {
      const begun = () =>
        resolve({
          stop() {
            recorder.stop()
            return ended
          },
          cancel: () => recorder.stop(),
        })
      waiting = {
        begun,
        ended: end,
        failed(reason) {
          reject(reason as Error)
          fail(reason)
        },
      }
    })
    // Who cancels does not ask how it ended.
    ended.catch(() => undefined)
    recorder.start({ duration: MAX_MS, format: 'mp3' })
  })
}
// #endif
