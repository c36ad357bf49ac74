import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Plugin } from 'vite'

const NAMES: readonly string[] = [
  'streaming-text',
  'chat-messages',
  'chat-message',
  'chat-composer',
  'chat-conversations',
]
const pascalOf = (name: string) => name.replace(/(?:^|-)(\w)/g, (_, letter: string) => letter.toUpperCase())
const bothForms = (name: string) => `(?:${name}|${pascalOf(name)})`
const tagOf = (name: string) => new RegExp(`<${bothForms(name)}[\\s/>]`)
/** In the file itself, or for the whole app. */
const ownWayOf = (name: string) =>
  new RegExp(`${name}\\.vue|import ${pascalOf(name)}\\b|\\.component\\(\\s*['"]${bothForms(name)}['"]`)
/** These import components by themselves. */
const IMPORTERS = /unplugin-vue-components|uni-components/

/** Tells in development, once, that a page has one of our components and nothing finds it: its place would stay empty. */
export function missingEasycom(): Plugin {
  let state: 'idle' | 'looking' | 'told' = 'idle'
  let tell: (text: string) => void = () => undefined
  return {
    name: 'uni-sse-channel:missing-easycom',
    enforce: 'pre',
    configResolved({ command, plugins, logger }) {
      const isDevelopment = command === 'serve' || process.env.NODE_ENV === 'development'
      if (isDevelopment && !plugins.some(({ name }) => IMPORTERS.test(name))) state = 'looking'
      tell = (text) => logger.warn(text)
    },
    transform(code, id) {
      const file = id.split('?')[0]?.replace(/\\/g, '/') ?? ''
      const input = process.env.UNI_INPUT_DIR
      if (state !== 'looking' || !input || !/\.n?vue$/.test(file) || /\/node_modules\//.test(file))
        return null
      const name = NAMES.find(
        (one) => tagOf(one).test(code) && !ownWayOf(one).test(code) && !findsComponent(input, one),
      )
      if (name === undefined) return null
      state = 'told'
      tell(words(file, name, Intl.DateTimeFormat().resolvedOptions().locale))
      return null
    },
  }
}

/**
 * Whether easycom, or the app's main file, finds the component in a project.
 * @param input folder with pages.json; true where there is none: then nothing is known
 */
export function findsComponent(input: string, component: string): boolean {
  const read = (name: string) =>
    existsSync(join(input, name)) ? readFileSync(join(input, name), 'utf8') : undefined
  const pages = read('pages.json')
  if (pages === undefined) return true
  return (
    hasRule(pages, component) ||
    foldersOf(input).some((folder) => existsSync(join(folder, `components/${component}/${component}.vue`))) ||
    ['main.ts', 'main.js'].some((name) => ownWayOf(component).test(read(name) ?? ''))
  )
}

/** The file may have comments, and rules for some platforms only: any rule will do. */
function hasRule(pages: string, component: string): boolean {
  const rules = pages.replace(/^\s*\/\/.*$/gm, '').matchAll(/"((?:[^"\\]|\\.)*)"\s*:\s*"[^"]*\.n?vue"/g)
  return Array.from(rules).some(([, rule = '']) => {
    try {
      return new RegExp(JSON.parse(`"${rule}"`) as string).test(component)
    } catch {
      return false
    }
  })
}

function foldersOf(input: string): string[] {
  const modules = join(input, 'uni_modules')
  return [input, ...(existsSync(modules) ? readdirSync(modules).map((name) => join(modules, name)) : [])]
}

const RULE =
  '"easycom": { "custom": { "^(streaming-text|chat-(?:message|messages|composer|conversations))$": "uni-sse-channel/components/$1/$1.vue" } }'

const words = (file: string, name: string, locale: string) =>
  /^zh/i.test(locale)
    ? `[uni-sse-channel] ${file} 用了 <${name}>，但 easycom 找不到这个组件，页面上会是空的。\n  怎么办：在 pages.json 里加上 ${RULE}`
    : `[uni-sse-channel] ${file} has <${name}>, but easycom does not find the component: the page will show nothing there.\n  What to do: add to pages.json ${RULE}`
