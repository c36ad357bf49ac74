import { Bytes } from './bytes.js'

/** In the place of `node:crypto`. */
export const randomBytes = (size: number): Bytes => crypto.getRandomValues(new Bytes(size))
