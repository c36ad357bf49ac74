import { readdirSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { describe, expect, test } from 'vitest'
import { anthropic } from '../../src/vendors/anthropic.js'
import { coze } from '../../src/vendors/coze.js'
import { dashScope } from '../../src/vendors/dash-scope.js'
import { dify } from '../../src/vendors/dify.js'
import { openAI } from '../../src/vendors/openai.js'
import type { Vendor } from '../../src/vendors/vendor.js'
import { faultsOf, recording, translate } from './translate.js'

const vendors: Readonly<Record<string, Vendor>> = {
  anthropic,
  coze,
  'dash-scope': dashScope,
  dify,
  openai: openAI,
}

const folder = fileURLToPath(new URL('../fixtures/vendors', import.meta.url))
const recordings = Object.entries(vendors).flatMap(([name, vendor]) =>
  readdirSync(`${folder}/${name}`).map((file) => [`${name}/${file}`, vendor] as const),
)

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

  test('cut short anywhere, it is never complete', async () => {
    const text = new TextDecoder().decode(bytes)
    const ends = [...text.matchAll(/\r?\n\r?\n/g)].map(({ index }) => index + 2)
    const read = ends.map((end) => translate(vendor, text.slice(0, end) + '\n\n'))
    for (const [index, cut] of read.entries()) {
      expect(await faultsOf(cut)).toEqual([])
      if (cut.ending.outcome !== 'error') {
        // From where the proof is there, nothing takes it away.
        for (const later of read.slice(index)) expect(later.ending.outcome).toBe('done')
        const rest = text.slice(ends[index])
        expect(rest).not.toMatch(/"(content|text|answer|thinking|partial_json|arguments)": ?"[^"]/)
        return
      }
      expect(cut.ending.error?.code).toBe('INCOMPLETE')
    }
  })
})
