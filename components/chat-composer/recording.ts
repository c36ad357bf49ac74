import type { ChatFile } from './chat-file'

/** What is being recorded now. */
export interface Recording {
  /** Ends it, and gives what was said. @throws what the platform says when nothing came of it */
  stop(): Promise<ChatFile>
  /** Ends it, and forgets it. */
  cancel(): void
}

/** Longer than anybody asks; the platforms' own limit, in milliseconds. */
export const MAX_MS = 600_000
