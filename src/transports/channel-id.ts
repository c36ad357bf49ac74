const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_'
const LENGTH = 24

/**
 * A channel id to propose to the server: 144 random bits as 24 characters.
 * Where the realm has no cryptographic source the id is only unlikely to collide; servers that need more than
 * that check who asks (`authorize`), which they should anyway.
 */
export function createChannelId(): string {
  const bytes = new Uint8Array(LENGTH)
  if (typeof crypto === 'object' && typeof crypto.getRandomValues === 'function')
    crypto.getRandomValues(bytes)
  else for (let i = 0; i < LENGTH; i++) bytes[i] = Math.floor(Math.random() * 256)
  let id = ''
  for (const byte of bytes) id += alphabet.charAt(byte & 63)
  return id
}
