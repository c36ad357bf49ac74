const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_'
const LENGTH = 24

/**
 * A channel id to propose to the server: 144 random bits as 24 characters.
 * Where the realm has no cryptographic source the id is only unlikely to collide; servers that need more than
 * that check who asks (`authorize`), which they should anyway.
 */
export function createChannelId(): string {
  const bytes = new Uint8Array(LENGTH)
  fillRandom(bytes)
  let id = ''
  for (const byte of bytes) id += alphabet.charAt(byte & 63)
  return id
}

function fillRandom(bytes: Uint8Array): void {
  try {
    if (typeof crypto === 'object' && typeof crypto.getRandomValues === 'function')
      return void crypto.getRandomValues(bytes)
  } catch {
    // App builds put a native module behind this name, and not every base app contains it.
  }
  for (let i = 0; i < bytes.length; i++) bytes[i] = Math.floor(Math.random() * 256)
}
