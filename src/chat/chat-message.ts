import type { FinishReason } from '../messages/chunk.js'
import type { MessageSize } from '../messages/message-state.js'
import type { DataPart, Part, ReasoningPart, StaticToolPart, TextPart } from '../messages/part.js'
import type { ChannelStatus } from '../run/channel.js'

/** What the data parts of an application hold, by the name behind `data-`. */
export type DataTypes = Readonly<Record<string, unknown>>

/** What an application's tools take and give, by name. */
export type ToolTypes = Readonly<Record<string, { readonly input: unknown; readonly output: unknown }>>

type DataPartOf<Data extends DataTypes> = {
  [Name in keyof Data & string]: {
    readonly type: `data-${Name}`
    readonly id?: string
    readonly data: Data[Name]
  }
}[keyof Data & string]

type WithTool<Shape, Name extends string, Tool extends ToolTypes[string]> = Shape extends {
  readonly state: 'output-available'
}
  ? Shape & { readonly type: `tool-${Name}`; readonly input: Tool['input']; readonly output: Tool['output'] }
  : Shape extends { readonly state: 'input-streaming' }
    ? Shape & { readonly type: `tool-${Name}` }
    : Shape & { readonly type: `tool-${Name}`; readonly input: Tool['input'] }

type ToolPartOf<Tools extends ToolTypes> = {
  [Name in keyof Tools & string]: WithTool<StaticToolPart, Name, Tools[Name]>
}[keyof Tools & string]

/** The parts of messages whose data and tools are known to the compiler. */
export type PartOf<Data extends DataTypes, Tools extends ToolTypes> =
  | Exclude<Part, DataPart | StaticToolPart>
  | (string extends keyof Data ? DataPart : DataPartOf<Data>)
  | (string extends keyof Tools ? StaticToolPart : ToolPartOf<Tools>)

/** A message whose metadata, data and tools may be of any type. */
export interface AnyChatMessage {
  readonly id: string
  readonly role: 'system' | 'user' | 'assistant'
  readonly parts: readonly Part[]
  readonly metadata?: unknown
  readonly finishReason?: FinishReason | undefined
  readonly others?: readonly unknown[] | undefined
  readonly status?: ChannelStatus
  readonly channelId?: string
}

/**
 * One message of a conversation, in the shape of the AI SDK's UI messages: plain JSON, to be stored as it is.
 * @typeParam Metadata what the application's server says of a message
 * @typeParam Data what its data parts hold: `{ weather: { city: string } }` for `data-weather`
 * @typeParam Tools what its tools take and give: `{ weather: { input: …; output: … } }` for `tool-weather`
 */
export interface ChatMessage<
  Metadata = unknown,
  Data extends DataTypes = DataTypes,
  Tools extends ToolTypes = ToolTypes,
> {
  /** Unique in the conversation, and the same from the first character of an answer to its last. */
  readonly id: string
  readonly role: 'system' | 'user' | 'assistant'
  readonly parts: readonly PartOf<Data, Tools>[]
  /** What the application's server says of the message; goes back to it with the next question. */
  readonly metadata?: Metadata
  /** Why the model ended. `length`: the answer was cut at its limit. */
  readonly finishReason?: FinishReason | undefined
  /** What came of types that this version does not know. */
  readonly others?: readonly unknown[] | undefined
  /** How an answer stands. Messages without it are complete. */
  readonly status?: ChannelStatus
  /** Where the answer is read on, after the app was closed in the middle of it. */
  readonly channelId?: string
}

/** All text of one kind in a message, as `<streaming-text>` takes it. */
export function messageText(
  { parts }: { readonly parts: readonly Pick<Part, 'type'>[] },
  type: 'text' | 'reasoning' = 'text',
): string {
  let text = ''
  for (const part of parts) if (part.type === type) text += (part as TextPart | ReasoningPart).text
  return text
}

/** How much of a message there is. */
export function messageSize({ parts }: Pick<ChatMessage, 'parts'>): MessageSize {
  const characters = messageText({ parts }).length + messageText({ parts }, 'reasoning').length
  const others = parts.filter(({ type }) => type !== 'text' && type !== 'reasoning')
  return { characters, others: others.length }
}
