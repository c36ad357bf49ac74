import type { ChatFile } from './chat-file'
import { MAX_MS, type Recording } from './recording'

/** A recording, from when it is asked for until the platform has told its end. */
interface Take {
  readonly begun: Deferred<void>
  readonly file: Deferred<ChatFile>
}

interface Deferred<T> {
  readonly promise: Promise<T>
  readonly resolve: (value: T) => void
  readonly reject: (reason: unknown) => void
}

/** A platform that tells no end of a recording must not keep the next one from beginning, in milliseconds. */
const END_MS = 2_000

let manager: UniApp.RecorderManager | undefined
let take: Take | undefined

/** For mini-programs and App. @throws what the platform says: no microphone, or the reader refused it */
export async function recordByManager(): Promise<Recording> {
  const recorder = (manager ??= onlyManager())
  // The platform tells that one ended, and not which: the end of a former one must not be taken for that of this one.
  if (take) await settled(take.file.promise)
  const { begun, file } = (take = { begun: deferred(), file: deferred() })
  // Who cancels does not ask how it ended.
  file.promise.catch(() => undefined)
  recorder.start({ duration: MAX_MS, format: 'mp3' })
  await begun.promise
  return {
    stop() {
      recorder.stop()
      return file.promise
    },
    cancel: () => recorder.stop(),
  }
}

/** An app has one, whose listeners can't be taken away. */
function onlyManager(): UniApp.RecorderManager {
  const only = uni.getRecorderManager()
  only.onStart(() => take?.begun.resolve())
  only.onStop((result: { tempFilePath: string; fileSize?: number }) => {
    const { tempFilePath: path, fileSize: size = 0 } = result
    over()?.file.resolve({ path, name: 'voice.mp3', mediaType: 'audio/mpeg', size })
  })
  only.onError((reason: unknown) => {
    const last = over()
    last?.begun.reject(reason)
    last?.file.reject(reason)
  })
  return only
}

function over(): Take | undefined {
  const last = take
  take = undefined
  return last
}

function settled(promise: Promise<unknown>): Promise<unknown> {
  let timer: ReturnType<typeof setTimeout> | undefined
  const late = new Promise((resolve) => (timer = setTimeout(resolve, END_MS)))
  return Promise.race([promise.catch(() => undefined), late]).then(() => clearTimeout(timer))
}

function deferred<T>(): Deferred<T> {
  let resolve: Deferred<T>['resolve'] = () => undefined
  let reject: Deferred<T>['reject'] = () => undefined
  const promise = new Promise<T>((done, fail) => {
    resolve = done
    reject = fail
  })
  return { promise, resolve, reject }
}
