// Packages without types of their own: as much of them as the tests and the bench use.

declare module 'commonmark-spec' {
  /** The examples of the specification; a tab is written as `→`. */
  export const tests: readonly {
    readonly markdown: string
    readonly html: string
    readonly section: string
    readonly number: number
  }[]
}

declare module 'commonmark' {
  export class Parser {
    parse(text: string): object
  }
  export class HtmlRenderer {
    render(document: object): string
  }
}

declare module 'markdown-it' {
  export default class MarkdownIt {
    constructor(options?: { readonly html?: boolean; readonly xhtmlOut?: boolean })
    render(text: string): string
  }
}

declare module 'commonmark-spec-029' {
  export { tests } from 'commonmark-spec'
}
