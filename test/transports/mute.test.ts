import { expect, test } from 'vitest'
import { ChannelError } from '../../src/core/channel-error.js'
import { muteable } from '../../src/transports/mute.js'
import type { TransportObserver } from '../../src/transports/transport.js'

function listen() {
  const heard: string[] = []
  const note = (name: string) => () => void heard.push(name)
  const target: TransportObserver = {
    opened: note('opened'),
    event: note('event'),
    activity: note('activity'),
    retry: note('retry'),
    finished: note('finished'),
    ended: note('ended'),
    lost: note('lost'),
  }
  return { heard, ...muteable(target) }
}

function sayAll(observer: TransportObserver) {
  observer.opened({ status: 200, header: () => undefined })
  observer.event({ id: '', type: 'message', data: '' })
  observer.activity()
  observer.retry(1)
  observer.finished()
  observer.ended()
  observer.lost(new ChannelError('CONNECTION_LOST'))
}

test('of several ends the first is told, and nothing after it', () => {
  const { heard, observer } = listen()
  sayAll(observer)
  sayAll(observer)
  expect(heard).toEqual(['opened', 'event', 'activity', 'retry', 'finished'])
})

test('muted, it tells nothing', () => {
  const { heard, observer, mute } = listen()
  mute()
  sayAll(observer)
  expect(heard).toEqual([])
})
