import { encode } from 'uqr'
import { pngOfBits } from './png-of-bits'

/** Light all around, that readers need. */
const MARGIN = 4

/**
 * A QR code of a text as the address of an image, which can be shown, kept and sent like any other.
 * @throws {Error} more than about 2,900 bytes
 */
export function qrImage(text: string, scale = 5): string {
  const { data } = encode(text, { ecc: 'L', border: MARGIN })
  const { buffer } = pngOfBits(data, scale)
  return `data:image/png;base64,${uni.arrayBufferToBase64(buffer as ArrayBuffer)}`
}
