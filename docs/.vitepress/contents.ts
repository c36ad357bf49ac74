import { readdirSync } from 'node:fs'
import type { DefaultTheme } from 'vitepress'

/** A page, its name in English and in Chinese. It stands in both languages, in docs and in docs/zh. */
interface Page {
  readonly path: string
  readonly en: string
  readonly zh: string
}

interface Chapter {
  readonly en: string
  readonly zh: string
  readonly pages: readonly Page[]
}

const named = (text: string) => ({ en: text, zh: text })

/** Pages that `npm run api` writes, by what is imported. */
const apiTitle = (name: string): string => {
  if (components.has(name)) return `<${name}>`
  return name === 'main' ? 'uni-sse-channel' : `/${name.replace('-', '/')}`
}

const inRepository = (path: string) => readdirSync(new URL(`../../${path}`, import.meta.url))

const components = new Set(inRepository('components'))

/** As they are in docs/api: components behind entries, of which the first is the whole package's. */
function apiPages(): readonly string[] {
  const rank = (name: string) => (name === 'main' ? 0 : components.has(name) ? 2 : 1)
  return inRepository('docs/api')
    .map((file) => file.replace(/\.md$/, ''))
    .sort((one, other) => rank(one) - rank(other) || (one < other ? -1 : 1))
}

/** The order in which the pages are read. */
const chapters: readonly Chapter[] = [
  {
    en: 'Begin',
    zh: '开始',
    pages: [
      { path: 'start', en: 'Quick start', zh: '快速开始' },
      { path: 'playground', en: 'Playground', zh: '演练场' },
      { path: 'faq', en: 'Questions', zh: '常见问题' },
      { path: 'migration', en: 'Migration', zh: '从别的方案迁移' },
      { path: 'comparison', en: 'Comparison', zh: '与别的方案比较' },
    ],
  },
  {
    en: 'Guides',
    zh: '指南',
    pages: [
      { path: 'guides/backend', en: 'Your own server', zh: '自己的服务端' },
      { path: 'unicloud', en: 'uniCloud', zh: 'uniCloud' },
      { path: 'guides/sign-in', en: 'Signing in', zh: '登录与令牌' },
      { path: 'guides/conversations', en: 'Keeping conversations', zh: '保存会话' },
      { path: 'guides/theming', en: 'Colours and type', zh: '外观与主题' },
      { path: 'guides/testing', en: 'Testing', zh: '测试' },
      { path: 'devtools', en: 'Seeing inside', zh: '看见内部' },
      { path: 'demo', en: 'The demo app', zh: '演示应用' },
      { path: 'guides/going-live', en: 'Going live', zh: '上线' },
      { path: 'guides/scaling', en: 'Growing', zh: '扩容' },
    ],
  },
  {
    en: 'Recipes',
    zh: '配方',
    pages: [
      { path: 'recipes/models', en: 'Models and agents', zh: '模型与智能体' },
      { path: 'recipes/tools', en: 'A model that calls tools', zh: '会调用工具的模型' },
      { path: 'recipes/node', en: 'Servers in Node', zh: 'Node 服务端' },
      { path: 'recipes/other-languages', en: 'Python, Java, Go, PHP', zh: 'Python、Java、Go、PHP' },
    ],
  },
  {
    en: 'Reference',
    zh: '参考',
    pages: [
      { path: 'chat', en: 'useChat, parts, decoders', zh: 'useChat、parts、解码器' },
      { path: 'components', en: 'Chat components', zh: '对话组件' },
      { path: 'streaming-text', en: '<streaming-text>', zh: '<streaming-text>' },
      { path: 'client', en: 'Without Vue', zh: '不用 Vue' },
      { path: 'server', en: 'Server', zh: '服务端' },
      { path: 'vendors', en: 'Vendors', zh: '模型厂商' },
      { path: 'platforms', en: 'Platforms', zh: '平台' },
      { path: 'errors', en: 'Errors', zh: '错误码' },
      { path: 'protocol', en: 'Protocol', zh: '协议' },
      { path: 'conformance', en: 'Proving a server', zh: '验证服务端' },
      { path: 'takeover', en: 'Going on in another process', zh: '换一个进程继续' },
      { path: 'failover', en: 'Redis fail-over', zh: 'Redis 主从切换' },
      { path: 'markdown', en: 'Markdown engine', zh: 'Markdown 引擎' },
    ],
  },
  {
    en: 'All that is exported',
    zh: '全部导出',
    pages: apiPages().map((name) => ({ path: `api/${name}`, ...named(apiTitle(name)) })),
  },
]

/** All pages but the two front pages. */
export const pages: readonly Page[] = chapters.flatMap((chapter) => chapter.pages)

/** The contents in one language. */
export const sidebar = (language: 'en' | 'zh'): DefaultTheme.SidebarItem[] =>
  chapters.map((chapter) => ({
    text: chapter[language],
    items: chapter.pages.map((page) => ({
      text: page[language].replace(/</g, '&lt;'),
      link: language === 'zh' ? `/zh/${page.path}` : `/${page.path}`,
    })),
  }))
