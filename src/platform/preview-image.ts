/** Shows an image over the page, with the others to leaf through. Does nothing where the platform can't. */
export function previewImage(address: string, all: readonly string[] = [address]): void {
  try {
    // Some platforms answer with a promise, and a reader who can't see it larger has lost nothing.
    const shown = uni.previewImage({ current: address, urls: [...all] }) as unknown
    if (shown instanceof Promise) shown.catch(() => undefined)
  } catch {
    // The same.
  }
}
