import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { dirname } from 'node:path'
import { fileURLToPath } from 'node:url'
import { defineConfig } from 'vitepress'
import { sidebar } from './contents.js'
import { demoFrames } from './demo-frames.js'
import { githubSlug } from './github-slug.js'
import { outsideLinks } from './outside-links.js'

const docs = fileURLToPath(new URL('..', import.meta.url)).replace(/\/$/, '')
const manifest = JSON.parse(readFileSync(new URL('../../package.json', import.meta.url), 'utf8')) as {
  readonly repository: { readonly url: string }
}
const repository = manifest.repository.url.replace(/^git\+|\.git$/g, '')

/** Where the site is published, below its host: `DOCS_BASE=/name/ npm run docs:build`. */
const base = process.env.DOCS_BASE ?? '/'

/** VitePress has a newer Vue than uni-app: pages are compiled for that one. */
const ownVue = () => {
  const vitePress = createRequire(createRequire(import.meta.url).resolve('vitepress/package.json'))
  return `${dirname(vitePress.resolve('vue/package.json'))}/dist/vue.runtime.esm-bundler.js`
}

/** Who reads Chinese and opens the front page for the first time gets the Chinese one. */
const CHINESE_FIRST = `if (location.pathname === '${base}' && !sessionStorage.getItem('language') && /^zh/i.test(navigator.language)) location.replace('${base}zh/')
sessionStorage.setItem('language', 'chosen')`

/** The picture on the front page is of a phone. */
const PHONE = '.VPHero .image-src { border: 1px solid var(--vp-c-divider); border-radius: 16px; }'

// npm run docs, npm run docs:build: the site, from the files in docs as they are.
export default defineConfig({
  title: 'uni-sse-channel',
  base,
  cacheDir: '../.cache/vitepress',
  outDir: '../dist/docs',
  lastUpdated: false,
  head: [
    ['link', { rel: 'icon', type: 'image/svg+xml', href: `${base}favicon.svg` }],
    ['script', {}, CHINESE_FIRST],
    ['style', {}, PHONE],
  ],
  locales: {
    root: {
      label: 'English',
      lang: 'en',
      description: 'AI answers that stream into uni-app on every platform, and lose nothing',
      themeConfig: {
        nav: [
          { text: 'Quick start', link: '/start' },
          { text: 'Playground', link: '/playground' },
          { text: 'Recipes', link: '/recipes/models' },
          { text: 'Questions', link: '/faq' },
        ],
        sidebar: sidebar('en'),
      },
    },
    zh: {
      label: '简体中文',
      lang: 'zh-CN',
      link: '/zh/',
      description: 'AI 回答在 uni-app 的每个平台上流式输出，一个字都不丢',
      themeConfig: {
        nav: [
          { text: '快速开始', link: '/zh/start' },
          { text: '演练场', link: '/zh/playground' },
          { text: '配方', link: '/zh/recipes/models' },
          { text: '常见问题', link: '/zh/faq' },
        ],
        sidebar: sidebar('zh'),
        outline: { label: '本页内容' },
        docFooter: { prev: '上一页', next: '下一页' },
        darkModeSwitchLabel: '深色模式',
        lightModeSwitchTitle: '切换到浅色',
        darkModeSwitchTitle: '切换到深色',
        sidebarMenuLabel: '目录',
        returnToTopLabel: '回到顶部',
        langMenuLabel: '语言',
      },
    },
  },
  themeConfig: {
    socialLinks: [{ icon: 'github', link: repository }],
    search: {
      provider: 'local',
      options: {
        locales: {
          zh: {
            translations: {
              button: { buttonText: '搜索', buttonAriaLabel: '搜索' },
              modal: {
                displayDetails: '显示详情',
                noResultsText: '没有找到',
                resetButtonTitle: '清空',
                footer: { selectText: '打开', navigateText: '移动', closeText: '关闭' },
              },
            },
          },
        },
      },
    },
  },
  markdown: {
    // As GitHub shows it: `<name>` in a sentence is text.
    html: false,
    anchor: { slugify: githubSlug },
    config: (md) => {
      outsideLinks(md, docs, repository)
      demoFrames(md, base)
    },
  },
  vite: {
    resolve: { alias: [{ find: /^vue$/, replacement: ownVue() }] },
  },
})
