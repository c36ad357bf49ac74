import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import pixelmatch from 'pixelmatch'
import { PNG } from 'pngjs'
import { expect } from 'vitest'
import type { Page } from '../hosts/chromium/page.js'

/**
 * Pictures of both renderings, held against kept ones: UPDATE_PICTURES=1 takes them anew. Fonts and versions
 * of browsers differ, so a share of the pixels may, too: enough for text that sits elsewhere by a pixel, not
 * for a block that lost its frame or its place.
 */
const TOLERANCE = 0.04
const kept = fileURLToPath(new URL('pictures/', import.meta.url))
const fresh = fileURLToPath(new URL('../../.cache/pictures/', import.meta.url))

/** Holds the page against the kept picture of this name; takes it where there is none. */
export async function expectPicture(page: Page, name: string, tolerance = TOLERANCE) {
  mkdirSync(kept, { recursive: true })
  mkdirSync(fresh, { recursive: true })
  const file = join(fresh, `${name}.png`)
  await page.screenshot(file)
  const known = join(kept, `${name}.png`)
  if (process.env['UPDATE_PICTURES'] || !existsSync(known)) writeFileSync(known, readFileSync(file))
  const [now, before] = [file, known].map((path) => PNG.sync.read(readFileSync(path)))
  expect([now!.width, now!.height]).toEqual([before!.width, before!.height])
  const different = pixelmatch(before!.data, now!.data, undefined, now!.width, now!.height, {
    threshold: 0.2,
  })
  expect(different / (now!.width * now!.height), `${file} against ${known}`).toBeLessThan(tolerance)
}
