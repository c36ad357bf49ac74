import type { ErrorCode } from './error-codes.js'

/** Why what a client may come to happens, whatever its source. */
export const clientErrorReasons = {
  BAD_OPTIONS: 'An option or an argument has a value the library cannot use.',
  RUN_ACTIVE: 'start() or resume() was called while a run of this channel was still going.',
  NOTHING_TO_RESUME: 'retry() or resume() was called on a channel that has no earlier run and no channel id.',
  NO_TRANSPORT: 'This platform offers none of the ways to stream that this channel may use.',
  BAD_REQUEST: 'The server could not read the request (400).',
  UNAUTHORIZED: 'The server wants to know who asks (401).',
  FORBIDDEN: 'The server knows who asks and refuses (403).',
  CHANNEL_NOT_FOUND:
    'The server has no such channel (404): it expired, was closed, or the server lost its memory.',
  WRONG_URL: 'The server has nothing at the address that start() was sent to (404).',
  METHOD_NOT_ALLOWED: 'The address exists but not with this method (405).',
  HISTORY_EXPIRED: 'Events after the cursor are no longer kept (410), so going on would leave a hole.',
  BODY_TOO_LARGE: 'The request body is over the limit of the server (413).',
  UNSUPPORTED_MEDIA_TYPE: 'The request body is of a type the server does not take (415).',
  CURSOR_AHEAD: 'The cursor is beyond the last event of the channel (416).',
  RATE_LIMITED: 'Too many requests (429).',
  SERVER_ERROR: 'The server failed (5xx) or answered with a status the protocol does not know.',
  BAD_CONTENT_TYPE:
    'The answer is not an event stream: often an HTML page of a proxy, a login or a 404 page.',
  BAD_EVENT: 'An event could not be read: its data is not what the decoder expects.',
  EVENT_TOO_LARGE: 'One event is larger than the library keeps in memory.',
  DOMAIN_NOT_ALLOWED: 'The platform lets this app ask only the servers on its list.',
  CERTIFICATE_REFUSED: "The platform does not accept the server's certificate, or asks for HTTPS.",
  PLATFORM_REFUSED: 'A call into the platform was refused, or threw.',
  SEQUENCE_GAP: 'An event was missing between two that arrived.',
  CONNECTION_LOST: 'The connection broke and could not be restored within the attempts allowed.',
  FIRST_BYTE_TIMEOUT: 'No answer began within timeouts.firstByteMs.',
  IDLE_TIMEOUT: 'Nothing, not even a heartbeat, arrived for timeouts.idleMs.',
  TOTAL_TIMEOUT: 'The run took longer than timeouts.totalMs.',
  STOP_FAILED:
    'The stop could not be delivered yet: the answer stopped here, but the server may still be producing it.',
  PRODUCER_ERROR: 'The producer (the model or the task) failed while it was writing.',
  INCOMPLETE: 'The connection was closed in order, but the service never said that its answer is complete.',
  NO_ACTIVE_STREAM:
    'The server streams nothing under this id any more (204), and the end of the answer was not seen.',
  PRODUCER_LOST: 'The process that was producing this channel died.',
  STORAGE_FULL: 'The device took no more of a conversation: its storage is full, or forbidden.',
  STORAGE_FAILED: 'The storage of a conversation failed.',
  STORAGE_NEWER: 'The conversation was stored by a later version of this library.',
} as const satisfies Readonly<Partial<Record<ErrorCode, string>>>
