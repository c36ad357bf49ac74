import { describe, expect, it } from 'vitest'
import { afterHead, knownOf, rule, type Known } from '../../src/core/known.js'

const hidden: Known = afterHead(knownOf('c'), { isHidden: true })
const event = (id: string) => ({ id, type: 'message', data: '' })

/** What is made of these events, one after the other, of a server whose head nobody saw. */
function verdicts(...ids: string[]): string[] {
  let known = hidden
  return ids.map((id) => {
    const ruling = rule(known, event(id), false)
    known = ruling.known
    return `${ruling.verdict} ${known.server}`
  })
}

describe('where a platform hides heads', () => {
  it('takes ids as only our server makes them for ours, repeated ones too', () => {
    const epoch = '0123456789abcdef01'
    expect(verdicts(`${epoch}_0`, `${epoch}_0`, `${epoch}_1`, `${epoch}_3`)).toEqual([
      'deliver ours',
      'seen ours',
      'deliver ours',
      'missing ours',
    ])
  })

  it('drops nothing of a server that numbers in a way of its own', () => {
    expect(verdicts('run_0', 'run_0', 'run_0')).toEqual([
      'deliver unknown',
      'deliver foreign',
      'deliver foreign',
    ])
    expect(verdicts('evt_1', 'evt_2')).toEqual(['deliver foreign', 'deliver foreign'])
  })
})
