/*
 * What only a run needs, and a page that shows a channel does not: reading a server's answer, and folding it. Where a
 * build comes in pieces this is one of them.
 */
export { createAnswer } from '../messages/create-answer.js'
export { httpSource } from '../transports/http-source.js'
