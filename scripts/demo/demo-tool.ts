export type Language = 'zh' | 'en'
export type Both = Readonly<Record<Language, string>>

/** What a tool may use of the server. */
export interface ToolWorld {
  /** Milliseconds since 1970. */
  readonly now: () => number
  /** Tells everybody who listens to the notifications. */
  readonly notify: (text: string) => Promise<void>
}

/** A tool of the demo: what a real model decides and says is written down here, what it does is done. */
export interface DemoTool<Input = unknown, Output = unknown> {
  readonly name: string
  readonly title: Both
  /** Why the user is asked before it runs. Without it, it runs at once. */
  readonly asks?: Both
  /** The input with which this prompt has it called; undefined when it is not asked for. */
  plan(prompt: string, language: Language): Input | undefined
  /** What the model thinks before it calls. */
  thought(input: Input): Both
  /** @throws {Error} told to the page as the result of the call */
  execute(input: Input, world: ToolWorld): Output | Promise<Output>
  /** With it the output is also sent as a `data-…` part of this name, which the page shows as a card. */
  readonly card?: string
  /** Where the output is from, shown below the answer. */
  readonly source?: Both
  /** The answer, in markdown. */
  tell(output: Output): Both
}
