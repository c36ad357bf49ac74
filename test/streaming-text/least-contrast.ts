import type { Page } from '../hosts/chromium/page.js'

/** The text of the component that is hardest to read against what is painted behind it. */
export const leastContrast = (page: Page): Promise<{ ratio: number; what: string }> =>
  page.evaluate(() => {
    const canvas = document.createElement('canvas').getContext('2d', { willReadFrequently: true })
    if (!canvas) throw new Error('no canvas')
    /** As the browser paints it, whatever the notation. */
    const painted = (colour: string, on: readonly number[]) => {
      canvas.fillStyle = `rgb(${on.join(',')})`
      canvas.fillRect(0, 0, 1, 1)
      canvas.fillStyle = colour
      canvas.fillRect(0, 0, 1, 1)
      return [...canvas.getImageData(0, 0, 1, 1).data].slice(0, 3)
    }
    const behind = (element: Element | null): number[] =>
      element
        ? painted(getComputedStyle(element).backgroundColor, behind(element.parentElement))
        : [255, 255, 255]
    const light = (colour: readonly number[]) => {
      const [r = 0, g = 0, b = 0] = colour.map((value) =>
        value / 255 <= 0.04045 ? value / 255 / 12.92 : ((value / 255 + 0.055) / 1.055) ** 2.4,
      )
      return 0.2126 * r + 0.7152 * g + 0.0722 * b
    }
    let least = { ratio: 99, what: 'nothing' }
    const measure = (element: Element, colour: string, what: string) => {
      const back = behind(element)
      const [high, low] = [light(painted(colour, back)), light(back)].sort((a, b) => b - a)
      const ratio = (high! + 0.05) / (low! + 0.05)
      if (ratio < least.ratio) least = { ratio, what }
    }
    for (const element of document.querySelectorAll('.streaming-text *')) {
      if (element.nodeName === 'LI') measure(element, getComputedStyle(element, '::marker').color, 'a marker')
      const hasText = [...element.childNodes].some((node) => node.nodeType === 3 && node.textContent?.trim())
      if (hasText)
        measure(
          element,
          getComputedStyle(element).color,
          `${element.className}: ${element.textContent?.slice(0, 30)}`,
        )
    }
    return least
  })
