/** Slots of a Redis Cluster. */
export const SLOTS = 16_384

/** CRC16 of XMODEM over UTF-8, as Redis Cluster spreads keys. */
export function crc16(text: string): number {
  let crc = 0
  for (const byte of Buffer.from(text)) {
    crc ^= byte << 8
    for (let bit = 0; bit < 8; bit++) crc = (crc & 0x8000 ? (crc << 1) ^ 0x1021 : crc << 1) & 0xffff
  }
  return crc
}
