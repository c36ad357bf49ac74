import type { ChannelError } from '../core/channel-error.js'
import { explain } from '../core/explain.js'
import type { Mistake, Words } from './warn.js'

/** A connection that failed, as far as its source knows. */
export interface Failure {
  readonly url: string
  readonly error: ChannelError
  /** Whether the server had answered. */
  readonly answered: boolean
  /** Whether a channel was read that had been started before: then its address was right. */
  readonly reading?: boolean
  /** The page's own address; undefined where there is no page. */
  readonly page?: string | undefined
}

/** What the app's author did wrong, when a connection failed; undefined where it may just be the network. */
export function failureMistake(failure: Failure): Mistake | undefined {
  const { url, error } = failure
  const said = saidBy(error)
  // What the server has forgotten is no wrong address.
  if (failure.reading && error.code === 'CHANNEL_NOT_FOUND') return undefined
  const found = ofPage(failure) ?? byCode[error.code]
  return found && { code: error.code, url, ...(said && { said }), ...found }
}

interface Found {
  readonly what: Words
  readonly cure: Words
}

/** What a page may not ask for, and an address that needs one. */
function ofPage({ url, error, answered, page }: Failure): Found | undefined {
  if (error.code === 'BAD_OPTIONS') return /url must begin/.test(error.message) ? relative : undefined
  // Local addresses go through the developer tools.
  if (error.code === 'DOMAIN_NOT_ALLOWED' && /^(http|ws):/i.test(url)) return plainHttp
  if (error.code !== 'CONNECTION_LOST' || answered) return undefined
  if (page === undefined) return LOOPBACK.test(url) ? loopback : undefined
  if (/^https:/i.test(page) && /^http:/i.test(url)) return insecure
  return originOf(url) !== originOf(page) && /^https?:/i.test(url) ? crossOrigin : undefined
}

const LOOPBACK = /^\w+:\/\/(?:localhost|127\.\d+\.\d+\.\d+|\[::1\])(?:[:/?#]|$)/i

const originOf = (url: string) => /^[a-z]+:\/\/[^/?#]+/i.exec(url)?.[0]?.toLowerCase()

/** The deepest words, if they are not ours. */
function saidBy(error: ChannelError): string {
  const { code, message } = error
  const cause = error.cause as { readonly errMsg?: unknown; readonly message?: unknown } | undefined
  const isOwn = code === 'BAD_OPTIONS' || message === explain(code)
  const words = cause?.errMsg ?? cause?.message ?? (isOwn ? '' : message)
  return typeof words === 'string' ? words.slice(0, 300) : ''
}

const relative: Found = {
  what: {
    zh: '这个平台上 url 必须是完整地址：只有 H5 有「当前页面的域名」。',
    en: 'On this platform url must be a whole address: only H5 has a page whose host could be meant.',
  },
  cure: { zh: '写成 https://你的域名/api/chat。', en: 'Write https://your.host/api/chat.' },
}
const loopback: Found = {
  what: {
    zh: '这台设备自己的地址上没有服务回应：服务器没有运行；在手机上，localhost 和 127.0.0.1 是手机自己，不是电脑。',
    en: 'Nobody answers at the device’s own address: the server is not running; and on a phone, localhost and 127.0.0.1 mean the phone, not your computer.',
  },
  cure: {
    zh: '先启动服务器。真机调试时写电脑在局域网里的地址，如 http://192.168.1.20:3000/api/chat。',
    en: 'Start the server. On a phone write the address of your computer in the network, as http://192.168.1.20:3000/api/chat.',
  },
}
const plainHttp: Found = {
  what: {
    zh: '小程序只能请求 https 和 wss 地址：http 地址加不进合法域名列表，真机上请求不会发出。',
    en: 'A mini-program may ask https and wss only: an http address cannot be put on its list, and on a phone nothing is sent.',
  },
  cure: {
    zh: '让服务器提供 https，再把它的域名加入 request 合法域名；只在开发者工具里调试时，可以勾选「不校验合法域名」。',
    en: 'Serve the API on https, then add its host to the request domains; only while you debug in the developer tools may the check be switched off.',
  },
}
const insecure: Found = {
  what: {
    zh: 'https 页面不能请求 http 地址，浏览器拦下了它。',
    en: 'A page on https may not ask an http address: the browser blocked it.',
  },
  cure: {
    zh: '让服务器提供 https，或让页面经过同源代理。',
    en: 'Serve the API on https, or through a proxy of the page’s own origin.',
  },
}
const crossOrigin: Found = {
  what: {
    zh: '请求别的域名，没有收到任何回应：服务器没有运行，或者没有用 CORS 响应头允许这个页面。',
    en: 'Another origin was asked and gave no answer: the server is not running, or its CORS headers do not allow this page.',
  },
  cure: {
    zh: '服务器要返回 access-control-allow-origin，并允许请求头 content-type、x-channel-id、last-event-id，公开响应头 x-channel-id。用本库的 createHandler 时设置 cors；开发时也可以用 Vite 的 server.proxy。',
    en: 'Answer with access-control-allow-origin, allow the headers content-type, x-channel-id and last-event-id, and expose x-channel-id. With createHandler of this library set cors; while you develop, server.proxy of Vite does too.',
  },
}

const byCode: Partial<Record<ChannelError['code'], Found>> = {
  DOMAIN_NOT_ALLOWED: {
    what: {
      zh: '域名不在小程序的合法域名列表里，请求没有发出。',
      en: 'The host is not on the list of this mini-program, so nothing was sent.',
    },
    cure: {
      zh: '在小程序后台「开发管理 → 服务器域名」里，把它加入 request 合法域名和 socket 合法域名；调试时可以勾选「不校验合法域名」。',
      en: "Add it to the request and the socket domains in the store's console; while you debug, switch the check off in the developer tools.",
    },
  },
  CERTIFICATE_REFUSED: {
    what: {
      zh: '平台不信任服务器的证书，请求没有发出。',
      en: 'The platform does not trust the certificate of the server.',
    },
    cure: {
      zh: '用完整的证书链部署 https；App 里不能用自签名证书和 http。',
      en: 'Serve https with a whole chain of certificates; in an App neither http nor one signed by yourself works.',
    },
  },
  PLATFORM_REFUSED: {
    what: {
      zh: '平台拒绝了这个请求，它没有发出。',
      en: 'The platform refused the request, which was not sent.',
    },
    cure: {
      zh: '看平台的原话：常见的是参数、权限或隐私声明。',
      en: 'Read the words of the platform: arguments, permissions or a privacy notice.',
    },
  },

  CHANNEL_NOT_FOUND: {
    what: {
      zh: '这个地址上没有这样的接口或通道（404）。',
      en: 'There is no such route or channel at this address (404).',
    },
    cure: {
      zh: '检查 url：它是接口的根地址，如 https://example.com/api/chat，和服务器的 basePath 一致。',
      en: 'Check url: it is the base of the routes, as https://example.com/api/chat, the same as basePath at the server.',
    },
  },
  METHOD_NOT_ALLOWED: {
    what: { zh: '这个地址不接受这种请求（405）。', en: 'This address does not take such a request (405).' },
    cure: { zh: '检查 url：开始回答是一次 POST。', en: 'Check url: an answer is started by a POST.' },
  },
  BAD_CONTENT_TYPE: {
    what: {
      zh: '服务器返回的不是事件流，很可能是网页或网关的提示页。',
      en: 'The answer is no event stream; often it is the page of a gateway.',
    },
    cure: {
      zh: '检查 url 是否指向接口，以及代理是否原样转发 text/event-stream。',
      en: 'Check that url points to the API, and that proxies pass text/event-stream on.',
    },
  },
  BAD_REQUEST: {
    what: { zh: '服务器读不懂请求（400）。', en: 'The server could not read the request (400).' },
    cure: {
      zh: '检查传给 start() 的内容是否是服务器要的格式。',
      en: 'Check that start() is given what the server expects.',
    },
  },
  UNSUPPORTED_MEDIA_TYPE: {
    what: { zh: '服务器不接受 JSON 请求体（415）。', en: 'The server takes no JSON body (415).' },
    cure: { zh: '让服务器接受 application/json。', en: 'Let the server take application/json.' },
  },
  UNAUTHORIZED: {
    what: { zh: '服务器要求登录（401）。', en: 'The server wants to know who asks (401).' },
    cure: {
      zh: '用 headers 选项带上凭证；写成函数，每次请求都会取最新的。',
      en: 'Send credentials with headers; as a function it is asked at each request.',
    },
  },
  FORBIDDEN: {
    what: { zh: '服务器拒绝了这个请求（403）。', en: 'The server refused the request (403).' },
    cure: {
      zh: '检查凭证，以及服务器的 authorize 和 cors。',
      en: 'Check the credentials, and authorize and cors at the server.',
    },
  },
  NO_TRANSPORT: {
    what: { zh: '这个平台没有可用的流式传输方式。', en: 'This platform has none of the ways to stream.' },
    cure: {
      zh: '见 docs/platforms.md，换一种 transport。',
      en: 'See docs/platforms.md for those that exist here.',
    },
  },
}
