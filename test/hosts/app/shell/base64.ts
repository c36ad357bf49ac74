/** How bytes cross the bridge to the native modules. */
export interface Base64Data {
  base64: string
}

export function toBase64(bytes: Uint8Array): string {
  let text = ''
  for (const byte of bytes) text += String.fromCharCode(byte)
  return btoa(text)
}

export const fromBase64 = ({ base64 }: Base64Data): Uint8Array =>
  Uint8Array.from(atob(base64), (char) => char.charCodeAt(0))
