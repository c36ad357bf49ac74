// #ifdef H5
import { recordInBrowser } from './record-in-browser'
// #endif
// #ifndef H5
import { recordByManager } from './record-by-manager'
// #endif
import type { Recording } from './recording'

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
