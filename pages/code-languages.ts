import bash from 'highlight.js/lib/languages/bash'
import cpp from 'highlight.js/lib/languages/cpp'
import css from 'highlight.js/lib/languages/css'
import go from 'highlight.js/lib/languages/go'
import java from 'highlight.js/lib/languages/java'
import javascript from 'highlight.js/lib/languages/javascript'
import json from 'highlight.js/lib/languages/json'
import python from 'highlight.js/lib/languages/python'
import rust from 'highlight.js/lib/languages/rust'
import sql from 'highlight.js/lib/languages/sql'
import typescript from 'highlight.js/lib/languages/typescript'
import xml from 'highlight.js/lib/languages/xml'
import yaml from 'highlight.js/lib/languages/yaml'
import { createHighlighter } from 'uni-sse-channel/highlight'

/** Colours the languages that people ask an assistant about most. */
export const highlighter = createHighlighter({
  bash: () => bash,
  cpp: () => cpp,
  css: () => css,
  go: () => go,
  java: () => java,
  javascript: () => javascript,
  json: () => json,
  python: () => python,
  rust: () => rust,
  sql: () => sql,
  typescript: () => typescript,
  xml: () => xml,
  yaml: () => yaml,
})
