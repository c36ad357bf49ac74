import { readdirSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import { detectVendor } from '../../src/vendors/detect-vendor.js'
import { langGraph } from '../../src/vendors/lang-graph.js'
import { folder, recordings, vendors } from './recorded.js'
import { eventsOf, faultsOf, recording, translate } from './translate.js'

test('every folder of recordings has its vendor', () => {
  const folders = readdirSync(folder, { withFileTypes: true }).filter((entry) => entry.isDirectory())
  expect(folders.map(({ name }) => name).sort()).toEqual(Object.keys(vendors).sort())
})

describe.each(recordings)('%s', (path, vendor) => {
  const bytes = recording(path)
  const whole = translate(vendor, bytes)

  test('is read alike however its bytes are cut', () => {
    const expected = JSON.stringify(whole)
    for (let at = 1; at < bytes.length; at++) {
      const cut = translate(vendor, bytes.subarray(0, at), bytes.subarray(at))
      if (JSON.stringify(cut) !== expected) expect(cut, `cut at ${at}`).toEqual(whole)
    }
    const one = Array.from(bytes, (_, index) => bytes.subarray(index, index + 1))
    expect(translate(vendor, ...one)).toEqual(whole)
  })

  test('becomes a stream that the AI SDK takes, and ends well', async () => {
    expect(await faultsOf(whole)).toEqual([])
    expect(whole.ending).toEqual({ outcome: 'done' })
  })

  test('is known by its events as this vendor, and as no other', () => {
    const found = eventsOf(vendor, bytes).map(detectVendor)
    for (const one of found) expect([vendor, undefined]).toContain(one)
    // An event `interactive` may be anybody's.
    if (path !== 'fast-gpt/interactive.sse') expect(found).toContain(vendor)
  })

  // LangGraph has no end marker.
  test.skipIf(vendor === langGraph)('cut short anywhere, it is never complete', async () => {
    const text = new TextDecoder().decode(bytes)
    const ends = [...text.matchAll(vendor.framing === 'lines' ? /\n/g : /\r?\n\r?\n/g)].map(
      ({ index }) => index + 2,
    )
    const read = ends.map((end) => translate(vendor, text.slice(0, end) + '\n\n'))
    for (const [index, cut] of read.entries()) {
      expect(await faultsOf(cut)).toEqual([])
      if (cut.ending.outcome !== 'error') {
        // From where the proof is there, nothing takes it away.
        for (const later of read.slice(index)) expect(later.ending.outcome).toBe('done')
        const rest = text.slice(ends[index])
        expect(rest).not.toMatch(
          /"(content|text|answer|thinking|partial_json|arguments|delta|response)": ?"[^"]/,
        )
        return
      }
      expect(cut.ending.error?.code).toBe('INCOMPLETE')
    }
  })
})
