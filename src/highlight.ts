export { createHighlighter, type Highlighter, type LanguageLoader } from './highlight/create-highlighter.js'
