import { mediaTypeOf, type ChatFile } from './chat-file'

export type FileSource = 'camera' | 'album' | 'file'

interface Picked {
  readonly path: string
  readonly size: number
  readonly name?: string
}

type ChooseMessageFile = (options: {
  count: number
  success: (picked: { tempFiles: readonly Picked[] }) => void
  fail: () => void
}) => void

/** Files of a WeChat conversation; other platforms give no files to an app this way. */
const chooseMessageFile = (): ChooseMessageFile | undefined =>
  (uni as unknown as { chooseMessageFile?: ChooseMessageFile }).chooseMessageFile

/** Where this platform can take files from. A browser's dialog offers all of them by itself. */
export function fileSources(): readonly FileSource[] {
  // #ifdef H5
  return ['file']
  // #endif
  // #ifndef H5
  return typeof chooseMessageFile() === 'function' ? ['camera', 'album', 'file'] : ['camera', 'album']
  // #endif
}

/** Lets the reader choose. Nothing when the reader changes their mind. */
export function pickFiles(source: FileSource, count: number): Promise<readonly ChatFile[]> {
  // #ifdef H5
  return browserFiles(count)
  // #endif
  // #ifndef H5
  return new Promise((resolve) => {
    const fail = () => resolve([])
    const success = ({ tempFiles }: { tempFiles: unknown }) =>
      resolve(([] as Picked[]).concat(tempFiles as Picked[]).map((picked) => nameOf(picked, source)))
    if (source === 'file') chooseMessageFile()?.({ count, success, fail })
    else uni.chooseImage({ count, sourceType: [source], success, fail })
  })
  // #endif
}

// #ifndef H5
function nameOf({ path, size, name = path.replace(/^.*\//, '') }: Picked, source: FileSource): ChatFile {
  const known = mediaTypeOf(name)
  // A photograph whose name has no ending.
  const isUnknownImage = source !== 'file' && !known.startsWith('image/')
  return { path, name, size, mediaType: isUnknownImage ? 'image/jpeg' : known }
}
// #endif

// #ifdef H5
function browserFiles(count: number): Promise<readonly ChatFile[]> {
  return new Promise((resolve) => {
    const input = document.createElement('input')
    input.type = 'file'
    input.multiple = count > 1
    input.style.display = 'none'
    const end = (files: readonly ChatFile[]) => {
      input.remove()
      resolve(files)
    }
    input.addEventListener('change', () => end(Array.from(input.files ?? []).map(fromBrowser)))
    input.addEventListener('cancel', () => end([]))
    document.body.append(input)
    input.click()
  })
}

/** A file that was chosen, pasted or dropped. */
export function fromBrowser(file: File): ChatFile {
  const { name, size } = file
  return { path: URL.createObjectURL(file), name, size, mediaType: file.type || mediaTypeOf(name), file }
}
// #endif
