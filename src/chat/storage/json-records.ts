import { ChannelError } from '../../core/channel-error.js'
import type { DeviceStorage } from '../../platform/device-storage.js'

/** Values by key on a device, as JSON. */
export interface JsonRecords {
  /** Undefined where there is none, or none that can be read. */
  read(key: string): unknown
  /** @throws {ChannelError} STORAGE_FULL */
  write(key: string, value: unknown): void
  remove(key: string): void
}

export const createJsonRecords = (device: DeviceStorage): JsonRecords => ({
  read(key) {
    const text = device.get(key)
    if (text === undefined) return undefined
    try {
      return JSON.parse(text) as unknown
    } catch {
      return undefined
    }
  },
  write(key, value) {
    try {
      device.set(key, JSON.stringify(value))
    } catch (thrown) {
      throw new ChannelError('STORAGE_FULL', undefined, { cause: thrown })
    }
  },
  remove: (key) => device.remove(key),
})
