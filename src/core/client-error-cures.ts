import type { clientErrorReasons } from './client-error-reasons.js'

/** What to do about it: for who writes the app, so that an app built for production leaves it out. */
export const clientErrorCures: Readonly<Record<keyof typeof clientErrorReasons, string>> = {
  BAD_OPTIONS: 'Read the message: it names the option and the values it takes.',
  RUN_ACTIVE: 'Wait for it, or call stop() first. Two runs at once would be billed twice.',
  NOTHING_TO_RESUME: 'Call start(input), or pass the id: resume({ channelId }).',
  NO_TRANSPORT: 'See the platform table in docs/platforms.md and pass a transport that exists there.',
  BAD_REQUEST: 'Check the body given to start(); the server tells what it expected.',
  UNAUTHORIZED: 'Send credentials with the `headers` option and call retry().',
  FORBIDDEN: 'Ask for a channel this user may use.',
  CHANNEL_NOT_FOUND:
    'The text so far is kept. Call retry() to run it again. To survive server restarts, use the Redis log.',
  WRONG_URL: 'Check the url option: it is the base of the routes, where the handler is mounted.',
  METHOD_NOT_ALLOWED: 'Check the url option: it is the base, without /stream or /stop.',
  HISTORY_EXPIRED: 'The text so far is kept. Call retry() for a new answer, or raise the limits of the log.',
  BODY_TOO_LARGE: 'Send less, or raise `maxBodyBytes` on the server.',
  UNSUPPORTED_MEDIA_TYPE: 'Send JSON with content-type: application/json.',
  CURSOR_AHEAD: 'The cursor belongs to another channel or an older life of this one; resume without it.',
  RATE_LIMITED: 'Wait. Reads go on by themselves after Retry-After; a refused start needs retry().',
  SERVER_ERROR: 'Look at the server log. Reads are tried again by themselves; a refused start needs retry().',
  BAD_CONTENT_TYPE: 'Check the url option; the server must answer with content-type: text/event-stream.',
  BAD_EVENT: 'Use the decoder of this server, or repair the server.',
  EVENT_TOO_LARGE: 'Send large results as several events, or as a link.',
  DOMAIN_NOT_ALLOWED:
    "Add the server to the app's domains in the platform's console: on WeChat the legal domains of request and socket are two lists. The developer tools can switch the check off.",
  CERTIFICATE_REFUSED:
    "Serve HTTPS, TLS 1.2 or newer, with the whole chain of a public certificate. Check the phone's date.",
  PLATFORM_REFUSED:
    "Read the platform's own words. If they are not the platform's, look at what the app has put around its calls: uni.addInterceptor(), or a wrapper of uni.request.",
  SEQUENCE_GAP: 'Nothing: the channel reads again from its cursor.',
  CONNECTION_LOST:
    'The text so far is kept; offer retry(), which reads on where the server can. On H5 also check CORS: a refused origin looks the same.',
  FIRST_BYTE_TIMEOUT:
    'Check the address and the network; raise the limit if the server is slow to answer. It may have got the request and still be at work.',
  IDLE_TIMEOUT:
    'Nothing: the channel reads again from its cursor. A proxy that buffers shows this every time.',
  TOTAL_TIMEOUT: 'Raise or remove the limit.',
  STOP_FAILED:
    'Nothing: it is told when the network is back, also after the next question. stop() tries again at once.',
  PRODUCER_ERROR: 'The text so far is kept; offer retry().',
  INCOMPLETE:
    'The text so far is kept; offer retry(). If it happens every time, the decoder is that of another service.',
  NO_ACTIVE_STREAM: 'The text so far is kept; offer retry(), which asks again.',
  PRODUCER_LOST: 'The text so far is kept; offer retry().',
  STORAGE_FULL:
    'Remove conversations that are no longer needed. What is in view stays; it is written with the next change that fits.',
  STORAGE_FAILED: 'What it said is in the cause. What is in view stays; it is written with the next change.',
  STORAGE_NEWER: 'Update the app. Nothing was changed in the storage.',
}
