/** Natural sizes of images that were seen, by address. */
const seen = new Map<string, readonly [width: number, height: number]>()
const MOST = 200

/** Gives an image the room it needs from the start when its size is known: an answer shown again does not jump. */
export function keepSize(image: HTMLImageElement, address: string): void {
  const size = seen.get(address)
  if (size) [image.width, image.height] = size
  else
    image.addEventListener(
      'load',
      () => {
        if (seen.size >= MOST) seen.clear()
        if (image.naturalWidth) seen.set(address, [image.naturalWidth, image.naturalHeight])
      },
      { once: true },
    )
}
