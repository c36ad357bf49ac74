/** What every Pinia store has, in types that need no Pinia. */
export interface StoreMembers<Id extends string> {
  readonly $id: Id
  $subscribe(callback: (mutation: never, state: never) => unknown, options?: object): () => void
  $onAction(callback: (context: never) => unknown, detached?: boolean): () => void
  $dispose(): void
}
