import type { ChatFile } from './chat-file'

/**
 * A file as text that can be sent in a message, a third longer than the file: for small ones, and for apps without a
 * storage of their own.
 * @throws what the platform says when it can't be read
 */
export async function dataUrl(given: ChatFile): Promise<string> {
  // #ifdef H5
  return readBlob(given.file ?? (await (await fetch(given.path)).blob()))
  // #endif
  // #ifdef APP
  // HarmonyOS has no plus, and reads as mini-programs do.
  return typeof plus === 'object' ? readByPlus(given.path) : readByManager(given)
  // #endif
  // #ifndef H5 || APP
  return readByManager(given)
  // #endif
}

// #ifdef H5
function readBlob(blob: Blob): Promise<string> {
  return new Promise((resolve, reject) => {
    const reader = new FileReader()
    reader.onload = () => resolve(String(reader.result))
    reader.onerror = () => reject(reader.error)
    reader.readAsDataURL(blob)
  })
}
// #endif

// #ifdef APP
function readByPlus(path: string): Promise<string> {
  return new Promise((resolve, reject) => {
    plus.io.resolveLocalFileSystemURL(
      path,
      (entry) =>
        (entry as unknown as PlusIoFileEntry).file((file) => {
          const reader = new plus.io.FileReader()
          reader.onloadend = ({ target }) => resolve(String((target as unknown as { result: string }).result))
          reader.onerror = reject
          reader.readAsDataURL(file)
        }, reject),
      reject,
    )
  })
}
// #endif

// #ifndef H5
function readByManager({ path, mediaType }: ChatFile): Promise<string> {
  return new Promise((resolve, reject) => {
    uni.getFileSystemManager().readFile({
      filePath: path,
      encoding: 'base64',
      success: ({ data }) => resolve(`data:${mediaType};base64,${String(data)}`),
      fail: reject,
    })
  })
}
// #endif
