import type { EventDraft } from '../event-log.js'

/** What an event counts in every limit on bytes: its type and its data in UTF-8. */
export const eventBytes = (event: EventDraft) => Buffer.byteLength(event.data) + Buffer.byteLength(event.type)
