import type { WaitOptions } from '../hosts/wait-for-condition.js'

/** The compiled demo, driven as a person would. One interface for every platform. */
export interface ChatApp {
  ask(prompt: string): Promise<void>
  stop(): Promise<void>
  retry(): Promise<void>
  /** Text of the newest answer as it is shown. */
  shown(): Promise<string>
  /** Everything the page shows. */
  text(): Promise<string>
  /** The newest answer as the app stored it at its end: exact, white space included. */
  stored(): Promise<{ answer: string; status: string } | undefined>
  /** To the page that lists channels, which unloads nothing but hides the chat, and back. */
  openChannels(): Promise<void>
  stopFromChannels(): Promise<void>
  back(): Promise<void>
  /** Closes the chat page itself, so that only the store knows the channel, and opens it anew. */
  reopenChat(): Promise<void>
  /** Uncaught errors and rejections. */
  errors(): readonly string[]
  waitFor<Result>(condition: () => Promise<Result>, options?: WaitOptions): Promise<Result>
  close(): Promise<void>
}

export const withoutSpace = (text: string) => text.replace(/\s+/g, '')
