import { describe, expect, test } from 'vitest'
import { ChannelError } from '../../src/core/channel-error.js'
import { failureMistake } from '../../src/development/failure-mistake.js'

const lost = (words?: string) =>
  new ChannelError('CONNECTION_LOST', undefined, words === undefined ? {} : { cause: { errMsg: words } })
const page = 'https://app.example/#/'

describe('a connection that failed is called a mistake of the app', () => {
  test.each([
    [
      'the url is relative where there is no page',
      new ChannelError('BAD_OPTIONS', 'url must begin with https://'),
      {},
      /whole address/,
    ],
    [
      'the mini-program does not know the host',
      new ChannelError('DOMAIN_NOT_ALLOWED'),
      {},
      /list of this mini-program/,
    ],
    [
      'a mini-program asks http, which no list of its can hold',
      new ChannelError('DOMAIN_NOT_ALLOWED'),
      { url: 'http://api.example/chat' },
      /https and wss only/,
    ],
    ['a page on https asks http', lost(), { page, url: 'http://api.example/chat' }, /on https/],
    ['another origin does not answer', lost('Failed to fetch'), { page }, /CORS/],
    [
      'the route is not there',
      new ChannelError('CHANNEL_NOT_FOUND', undefined, { status: 404 }),
      { answered: true },
      /404/,
    ],
    [
      'nobody listens at the own address of the device',
      lost('request:fail connect ECONNREFUSED'),
      { url: 'http://localhost:3000/api/chat' },
      /on a phone/,
    ],
    ['a page comes instead of a stream', new ChannelError('BAD_CONTENT_TYPE'), {}, /no event stream/],
  ])('when %s', (_when, error, more, words) => {
    const mistake = failureMistake({ url: 'https://api.example/chat', answered: false, error, ...more })
    expect(mistake?.what.en).toMatch(words)
    expect(mistake?.what.zh).toMatch(/\p{Script=Han}/u)
    expect(mistake).toMatchObject({
      code: error.code,
      url: (more as { url?: string }).url ?? 'https://api.example/chat',
    })
  })

  test('with the words of the platform, unchanged', () => {
    const words = 'request:fail url not in domain list'
    expect(
      failureMistake({
        url: 'https://a.example',
        error: new ChannelError('DOMAIN_NOT_ALLOWED', undefined, { cause: { errMsg: words } }),
        answered: false,
      })?.said,
    ).toBe(words)
  })
})

test('words of our own are not given for those of the platform', () => {
  const url = 'https://api.example/chat'
  const said = (error: ChannelError) => failureMistake({ url, error, answered: true })?.said
  expect(said(new ChannelError('UNAUTHORIZED'))).toBeUndefined()
  expect(said(new ChannelError('UNAUTHORIZED', 'token expired'))).toBe('token expired')
})

describe('nobody is to blame', () => {
  test.each([
    ['the network is lost in the middle of an answer', lost(), { answered: true, page }],
    ['the network is lost where there is no page', lost(), {}],
    ["the page's own server does not answer", lost(), { page: 'https://api.example/' }],
    ['the server fails', new ChannelError('SERVER_ERROR'), { answered: true }],
    [
      'an answer is read that the server has forgotten',
      new ChannelError('CHANNEL_NOT_FOUND'),
      { reading: true },
    ],
  ])('when %s', (_when, error, more) => {
    expect(
      failureMistake({ url: 'https://api.example/chat', answered: false, error, ...more }),
    ).toBeUndefined()
  })
})
