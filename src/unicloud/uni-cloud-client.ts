import type { ReaderAnswer } from '../cloud/wire.js'
import type { ReadLog } from './receiver.js'

/** As much of the client's global `uniCloud` as the library uses. */
export interface UniCloudClient {
  callFunction(call: { readonly name: string; readonly data: object }): Promise<{ readonly result: unknown }>
  importObject(
    name: string,
    options: { readonly customUI: true },
  ): Readonly<Record<string, (...params: unknown[]) => Promise<unknown>>>
  /** Of the service space; absent in an app that has none. */
  readonly config?: object
}

declare const uniCloud: UniCloudClient

/** The client of the app, looked up at each call: it exists once the app's main module ran. */
export function uniCloudClient(): UniCloudClient {
  return uniCloud
}

/** Was the app built with a service space? Without one every call fails. */
export function hasCloudSpace(): boolean {
  return typeof uniCloud === 'object' && uniCloud.config !== undefined
}

/** Asks a reader function made with `createReader` of `uni-sse-channel/cloud`. */
export function functionReader(name: string): ReadLog {
  return async (request) => {
    const { result } = await uniCloudClient().callFunction({ name, data: request })
    return result as ReaderAnswer
  }
}
