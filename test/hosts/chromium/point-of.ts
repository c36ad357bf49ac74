/**
 * Runs in the page, for a document that fills it: the point in the middle of an element, in CSS pixels, once it is really
 * reachable there and stands still.
 */
export async function pointOf(
  selector: string,
  page: Document = document,
): Promise<{ x: number; y: number }> {
  function find() {
    const element = page.querySelector(selector)
    if (!element) throw new Error(`no element matches ${selector}`)
    element.scrollIntoView({ block: 'nearest', behavior: 'instant' })
    const box = element.getBoundingClientRect()
    if (box.width === 0 || box.height === 0) throw new Error(`${selector} has no size`)
    const x = box.left + box.width / 2
    const y = box.top + box.height / 2
    const hit = page.elementFromPoint(x, y)
    if (hit && !element.contains(hit) && !hit.contains(element))
      throw new Error(`${selector} is covered by ${hit.outerHTML.slice(0, 120)}`)
    return { x, y }
  }

  const before = find()
  // The second begins after the first was laid out: only then what is new on the page has the height of its content,
  // where `content-visibility` supposed one.
  for (let frames = 0; frames < 2; frames++) await new Promise(requestAnimationFrame)
  const point = find()
  if (point.x !== before.x || point.y !== before.y) throw new Error(`${selector} is moving`)
  return point
}
