/** Schemes that become links and images unless an app says otherwise. */
export const defaultSchemes: readonly string[] = ['http', 'https', 'mailto', 'tel']

// These run or carry content of their own: no list of an app's can let them in.
const forbidden = ['javascript', 'data', 'vbscript', 'file', 'blob']

// C0 and C1 controls, and the invisible characters that hide or reorder an address.
const unseen = (code: number) =>
  code < 32 ||
  (code > 126 && code < 160) ||
  (code > 0x200a && code < 0x2010) ||
  (code > 0x2027 && code < 0x202f) ||
  (code > 0x205f && code < 0x2070) ||
  code === 0xfeff ||
  code === 0xfffd

// What percent-encoding leaves as it is: nearly every address is made of these.
const plain = /^[\w!#$&'()*+,\-./:;=?@~]*$/

/**
 * `url` percent-encoded, or `undefined` where it must not become a link: a scheme outside `schemes`, a
 * control or invisible character, a leading space. Relative addresses are allowed, and for images `data:` with
 * png, jpeg, gif or webp.
 */
export function safeUrl(url: string, schemes: readonly string[], isImage = false): string | undefined {
  // Pictures that hold their bytes run nothing; `svg` may.
  if (isImage && /^data:image\/(?:png|jpe?g|gif|webp);base64,[a-z0-9+/=]+$/i.test(url)) return url
  const isPlain = plain.test(url)
  if (!isPlain) {
    if (url.charCodeAt(0) === 32) return undefined
    for (let at = 0; at < url.length; at++) if (unseen(url.charCodeAt(at))) return undefined
  }
  const scheme = /^([a-z][a-z0-9+.-]*):/i.exec(url)
  if (scheme) {
    const name = (scheme[1] as string).toLowerCase()
    if (forbidden.indexOf(name) >= 0 || schemes.indexOf(name) < 0) return undefined
  }
  if (isPlain) return url
  try {
    return encodeURI(url)
      .replace(/%25([0-9a-fA-F]{2})/g, '%$1')
      .replace(/^(\w+:\/\/)%5B([\da-f:.]+)%5D/i, '$1[$2]')
  } catch {
    // Half a surrogate pair: no address has one.
    return undefined
  }
}
