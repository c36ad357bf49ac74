import type { ErrorTexts } from './error-text.js'

/** What servers come to. To clients they send the sentence with the code. */
export const serverErrorTexts = {
  BAD_CURSOR: {
    why: 'The cursor is not of the form <epoch>_<seq> (400).',
    fix: 'Pass a cursor this channel gave you, unchanged, or none to read from the start.',
  },
  CHANNEL_EXISTS: {
    why: 'A channel of this id exists already.',
    fix: 'Choose another id, or read the existing channel.',
  },
  CHANNEL_CLOSED: {
    why: 'The channel has ended; nothing can be appended to it.',
    fix: 'Create a new channel.',
  },
  SERVER_BUSY: {
    why: 'The server holds as many channels or connections as it may.',
    fix: 'Wait, or raise the limits of the server.',
  },
  CONVERSATION_NOT_FOUND: {
    why: 'This user has no conversation of this id, or no longer.',
    fix: 'List the conversations, or begin a new one.',
  },
  CONVERSATION_CHANGED: {
    why: 'Somebody else has changed the conversation since it was loaded (409): another tab, another device.',
    fix: 'Load it again, and make the change anew. httpStorage() does so by itself.',
  },
  CONVERSATION_LIMIT: {
    why: 'The user has as many conversations as the server keeps, or the conversation as many messages (409).',
    fix: 'Remove a conversation, or begin a new one; or raise limits in createConversations().',
  },
  CHANNEL_STOPPED: {
    why: 'The client asked this run to stop; nothing can be written to it any more.',
    fix: 'Nothing: let the error end the function, or stop the producer in channel.onStop().',
  },
} as const satisfies ErrorTexts
