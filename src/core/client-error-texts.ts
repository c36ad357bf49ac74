import type { ErrorTexts } from './error-text.js'

/** What a client may come to, whatever its source. */
export const clientErrorTexts = {
  BAD_OPTIONS: {
    why: 'An option or an argument has a value the library cannot use.',
    fix: 'Read the message: it names the option and the values it takes.',
  },
  RUN_ACTIVE: {
    why: 'start() or resume() was called while a run of this channel was still going.',
    fix: 'Wait for it, or call stop() first. Two runs at once would be billed twice.',
  },
  NOTHING_TO_RESUME: {
    why: 'retry() or resume() was called on a channel that has no earlier run and no channel id.',
    fix: 'Call start(input), or pass the id: resume({ channelId }).',
  },
  NO_TRANSPORT: {
    why: 'This platform offers none of the ways to stream that this channel may use.',
    fix: 'See the platform table in docs/platforms.md and pass a transport that exists there.',
  },
  BAD_REQUEST: {
    why: 'The server could not read the request (400).',
    fix: 'Check the body given to start(); the server tells what it expected.',
  },
  UNAUTHORIZED: {
    why: 'The server wants to know who asks (401).',
    fix: 'Send credentials with the `headers` option and call retry().',
  },
  FORBIDDEN: {
    why: 'The server knows who asks and refuses (403).',
    fix: 'Ask for a channel this user may use.',
  },
  CHANNEL_NOT_FOUND: {
    why: 'The server has no such channel (404): it expired, was closed, or the server lost its memory.',
    fix: 'The text so far is kept. Call retry() to run it again. To survive server restarts, use the Redis log.',
  },
  WRONG_URL: {
    why: 'The server has nothing at the address that start() was sent to (404).',
    fix: 'Check the url option: it is the base of the routes, where the handler is mounted.',
  },
  METHOD_NOT_ALLOWED: {
    why: 'The address exists but not with this method (405).',
    fix: 'Check the url option: it is the base, without /stream or /stop.',
  },
  HISTORY_EXPIRED: {
    why: 'Events after the cursor are no longer kept (410), so going on would leave a hole.',
    fix: 'The text so far is kept. Call retry() for a new answer, or raise the limits of the log.',
  },
  BODY_TOO_LARGE: {
    why: 'The request body is over the limit of the server (413).',
    fix: 'Send less, or raise `maxBodyBytes` on the server.',
  },
  UNSUPPORTED_MEDIA_TYPE: {
    why: 'The request body is of a type the server does not take (415).',
    fix: 'Send JSON with content-type: application/json.',
  },
  CURSOR_AHEAD: {
    why: 'The cursor is beyond the last event of the channel (416).',
    fix: 'The cursor belongs to another channel or an older life of this one; resume without it.',
  },
  RATE_LIMITED: {
    why: 'Too many requests (429).',
    fix: 'Wait. Reads go on by themselves after Retry-After; a refused start needs retry().',
  },
  SERVER_ERROR: {
    why: 'The server failed (5xx) or answered with a status the protocol does not know.',
    fix: 'Look at the server log. Reads are tried again by themselves; a refused start needs retry().',
  },
  BAD_CONTENT_TYPE: {
    why: 'The answer is not an event stream: often an HTML page of a proxy, a login or a 404 page.',
    fix: 'Check the url option; the server must answer with content-type: text/event-stream.',
  },
  BAD_EVENT: {
    why: 'An event could not be read: its data is not what the decoder expects.',
    fix: 'Use the decoder of this server, or repair the server.',
  },
  EVENT_TOO_LARGE: {
    why: 'One event is larger than the library keeps in memory.',
    fix: 'Send large results as several events, or as a link.',
  },
  DOMAIN_NOT_ALLOWED: {
    why: 'The platform lets this app ask only the servers on its list.',
    fix: "Add the server to the app's domains in the platform's console: on WeChat the legal domains of request and socket are two lists. The developer tools can switch the check off.",
  },
  CERTIFICATE_REFUSED: {
    why: "The platform does not accept the server's certificate, or asks for HTTPS.",
    fix: "Serve HTTPS, TLS 1.2 or newer, with the whole chain of a public certificate. Check the phone's date.",
  },
  PLATFORM_REFUSED: {
    why: 'A call into the platform was refused, or threw.',
    fix: "Read the platform's own words. If they are not the platform's, look at what the app has put around its calls: uni.addInterceptor(), or a wrapper of uni.request.",
  },
  SEQUENCE_GAP: {
    why: 'An event was missing between two that arrived.',
    fix: 'Nothing: the channel reads again from its cursor.',
  },
  CONNECTION_LOST: {
    why: 'The connection broke and could not be restored within the attempts allowed.',
    fix: 'The text so far is kept; offer retry(), which reads on where the server can. On H5 also check CORS: a refused origin looks the same.',
  },
  FIRST_BYTE_TIMEOUT: {
    why: 'No answer began within timeouts.firstByteMs.',
    fix: 'Check the address and the network; raise the limit if the server is slow to answer. It may have got the request and still be at work.',
  },
  IDLE_TIMEOUT: {
    why: 'Nothing, not even a heartbeat, arrived for timeouts.idleMs.',
    fix: 'Nothing: the channel reads again from its cursor. A proxy that buffers shows this every time.',
  },
  TOTAL_TIMEOUT: {
    why: 'The run took longer than timeouts.totalMs.',
    fix: 'Raise or remove the limit.',
  },
  STOP_FAILED: {
    why: 'The stop could not be delivered yet: the answer stopped here, but the server may still be producing it.',
    fix: 'Nothing: it is told when the network is back, also after the next question. stop() tries again at once.',
  },
  PRODUCER_ERROR: {
    why: 'The producer (the model or the task) failed while it was writing.',
    fix: 'The text so far is kept; offer retry().',
  },
  INCOMPLETE: {
    why: 'The connection was closed in order, but the service never said that its answer is complete.',
    fix: 'The text so far is kept; offer retry(). If it happens every time, the decoder is that of another service.',
  },
  NO_ACTIVE_STREAM: {
    why: 'The server streams nothing under this id any more (204), and the end of the answer was not seen.',
    fix: 'The text so far is kept; offer retry(), which asks again.',
  },
  PRODUCER_LOST: {
    why: 'The process that was producing this channel died.',
    fix: 'The text so far is kept; offer retry().',
  },
  STORAGE_FULL: {
    why: 'The device took no more of a conversation: its storage is full, or forbidden.',
    fix: 'Remove conversations that are no longer needed. What is in view stays; it is written with the next change that fits.',
  },
  STORAGE_FAILED: {
    why: 'The storage of a conversation failed.',
    fix: 'What it said is in the cause. What is in view stays; it is written with the next change.',
  },
  STORAGE_NEWER: {
    why: 'The conversation was stored by a later version of this library.',
    fix: 'Update the app. Nothing was changed in the storage.',
  },
} as const satisfies ErrorTexts
