import { createIncremarkParser } from '@incremark/core'
import MarkdownIt from 'markdown-it'
import { Lexer, marked } from 'marked'
import remend from 'remend'
import { getMarkdown, parseMarkdownToStructure } from 'stream-markdown-parser'
import * as streamingMarkdown from 'streaming-markdown'
import { createMarkdown } from '../src/markdown/create-markdown.js'
import { createRenderList } from '../src/markdown/render-list.js'

/** One way to turn a stream of markdown into something to render. */
export interface Engine {
  readonly name: string
  /** Kilobytes up to which it is run: what reads the whole text at every chunk takes minutes beyond. */
  readonly upToKilobytes: number
  readonly stream: (chunks: readonly string[]) => void
}

/** Reads all of the text so far at every chunk. */
const whole = (read: (text: string) => unknown) => (chunks: readonly string[]) => {
  let text = ''
  for (const chunk of chunks) read((text += chunk))
}

const nothing = () => undefined
const silentRenderer = {
  data: undefined,
  add_token: nothing,
  end_token: nothing,
  add_text: nothing,
  set_attr: nothing,
}

const markdownIt = new MarkdownIt()
const structure = getMarkdown('bench')

export const engines: readonly Engine[] = [
  {
    name: 'ours',
    upToKilobytes: 288,
    stream(chunks) {
      const markdown = createMarkdown()
      for (const chunk of chunks) markdown.push(chunk)
      markdown.end()
    },
  },
  {
    name: 'ours with render list',
    upToKilobytes: 288,
    stream(chunks) {
      const markdown = createMarkdown()
      const list = createRenderList()
      for (const chunk of chunks) list.apply(markdown.push(chunk))
      list.apply(markdown.end())
    },
  },
  {
    name: 'streaming-markdown',
    upToKilobytes: 288,
    stream(chunks) {
      const parser = streamingMarkdown.parser(silentRenderer)
      for (const chunk of chunks) streamingMarkdown.parser_write(parser, chunk)
      streamingMarkdown.parser_end(parser)
    },
  },
  {
    name: '@incremark/core',
    upToKilobytes: 288,
    stream(chunks) {
      const parser = createIncremarkParser()
      for (const chunk of chunks) parser.append(chunk)
      parser.finalize()
    },
  },
  {
    name: 'stream-markdown-parser',
    upToKilobytes: 72,
    stream: whole((text) => parseMarkdownToStructure(text, structure)),
  },
  {
    // What streamdown does with a text before React: completes it, and cuts it into blocks.
    name: 'remend + marked (streamdown)',
    upToKilobytes: 72,
    stream: whole((text) => Lexer.lex(remend(text), { gfm: true })),
  },
  { name: 'marked, whole text', upToKilobytes: 72, stream: whole((text) => marked.parse(text)) },
  { name: 'markdown-it, whole text', upToKilobytes: 72, stream: whole((text) => markdownIt.render(text)) },
]
