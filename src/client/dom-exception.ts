/** A DOMException, or where the realm has none an Error of the same name and code. */
export function domException(name: string, code: number, message: string): Error {
  if (typeof DOMException === 'function') return new DOMException(message, name)
  return Object.assign(new Error(message), { name, code })
}
