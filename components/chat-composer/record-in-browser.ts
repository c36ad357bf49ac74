import { fromBrowser } from './pick-files'
import { MAX_MS, type Recording } from './recording'

const ENDINGS: Readonly<Record<string, string>> = { 'audio/mp4': 'm4a', 'audio/ogg': 'ogg' }

/** For H5. @throws what the browser says: no microphone, or the reader refused it */
export async function recordInBrowser(): Promise<Recording> {
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
