import { execFileSync } from 'node:child_process'
import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs'
import { dirname, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'
import { describe, expect, it } from 'vitest'
import { pages } from '../../docs/.vitepress/contents.js'
import { githubSlug } from '../../docs/.vitepress/github-slug.js'

const root = fileURLToPath(new URL('../..', import.meta.url)).replace(/\/$/, '')
const docs = `${root}/docs`

/** Pages of the site, by their paths below `docs`. */
const written = readdirSync(docs, { recursive: true, encoding: 'utf8' })
  .filter((path) => path.endsWith('.md') && !path.startsWith('.vitepress'))
  .map((path) => path.replace(/\\/g, '/'))
const files = ['README.md', 'README.zh-CN.md', 'CONTRIBUTING.md', ...written.map((path) => `docs/${path}`)]

/** The text of a document without its code, in which nothing is a link or a heading. */
const proseOf = (path: string): string =>
  readFileSync(path, 'utf8')
    .replace(/^( *)(`{3,})[\s\S]*?^\1\2`*$/gm, '')
    .replace(/(`+)[^`].*?\1/g, (code) => code.replace(/[[\]()<>]/g, ''))

/** Anchors of a document as GitHub and the site make them. */
function anchorsOf(path: string): Set<string> {
  const anchors = new Set<string>()
  const headings = readFileSync(path, 'utf8')
    .replace(/^( *)(`{3,})[\s\S]*?^\1\2`*$/gm, '')
    .matchAll(/^#{1,6} +(.*)$/gm)
  for (const [, heading = ''] of headings) {
    const slug = githubSlug(heading.replace(/\[([^\]]*)\]\([^)]*\)/g, '$1'))
    let anchor = slug
    for (let copy = 1; anchors.has(anchor); copy++) anchor = `${slug}-${copy}`
    anchors.add(anchor)
  }
  return anchors
}

/** What is wrong with a link of a document, if anything. */
function wrong(from: string, href: string): string | undefined {
  if (/^(?:https?|mailto):/.test(href)) return undefined
  const [path = '', anchor] = href.split('#')
  const target = path === '' ? from : resolve(dirname(from), path)
  if (!existsSync(target)) return 'no such file'
  if (anchor === undefined) return undefined
  if (statSync(target).isDirectory()) return 'a folder has no anchors'
  return anchorsOf(target).has(decodeURIComponent(anchor)) ? undefined : 'no such heading'
}

/** Whether the site has a page at this address. */
const isPage = (address: string) => {
  const path = address.replace(/^\//, '').replace(/(^|\/)$/, '$1index')
  return written.includes(`${path}.md`)
}

describe('the documents', () => {
  it.each(files)('%s has no dead link', (file) => {
    const from = `${root}/${file}`
    const links = [...proseOf(from).matchAll(/\]\(([^)\s]+)[^)]*\)|<img src="([^"]+)"/g)].map(
      ([, href, picture = '']) => href ?? picture,
    )
    const dead = links.flatMap((href) => {
      const why = wrong(from, href)
      return why === undefined ? [] : [`${href}: ${why}`]
    })
    expect(dead).toEqual([])
  })

  it('have a place in the contents in both languages, and the contents name no page that is not there', () => {
    const expected = pages.flatMap(({ path }) => [`${path}.md`, `zh/${path}.md`])
    expect([...expected, 'index.md', 'zh/index.md'].sort()).toEqual([...written].sort())
  })

  it('lead from their front pages to pages', () => {
    for (const front of ['index.md', 'zh/index.md']) {
      const links = [...readFileSync(`${docs}/${front}`, 'utf8').matchAll(/^ +link: (\S+)$/gm)]
      expect(links.length).toBeGreaterThan(5)
      expect(links.map(([, link = '']) => link).filter((link) => !isPage(link))).toEqual([])
    }
  })

  it('are all in llms.txt, which names no other page', () => {
    const links = [...readFileSync(`${docs}/public/llms.txt`, 'utf8').matchAll(/\]\((\S+?)\)/g)]
    const named = links.map(([, link = '']) => link.replace(/\.html$/, ''))
    expect(named.filter((link) => !isPage(link))).toEqual([])
    // Of the reference the first page is enough: it is written anew with every export.
    const wanted = pages.map(({ path }) => path).filter((path) => !/^api\/(?!main$)/.test(path))
    expect(wanted.filter((path) => !named.includes(path))).toEqual([])
  })

  it('say in Chinese what they say in English, heading by heading', () => {
    const outline = (path: string) =>
      [
        ...readFileSync(`${docs}/${path}`, 'utf8')
          .replace(/```[\s\S]*?```/g, '')
          .matchAll(/^#+(?= )/gm),
      ].map(([level]) => level)
    for (const { path } of pages)
      expect([path, ...outline(`zh/${path}.md`)]).toEqual([path, ...outline(`${path}.md`)])
  })

  it('are in the package', () => {
    const said = execFileSync('npm', ['pack', '--dry-run', '--json', '--ignore-scripts'], {
      cwd: root,
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'ignore'],
    })
    const [{ files: packed }] = JSON.parse(said) as [{ files: { path: string }[] }]
    const paths = new Set(packed.map(({ path }) => path))
    const wanted = [
      'README.md',
      'README.zh-CN.md',
      'docs/public/llms.txt',
      ...written.map((path) => `docs/${path}`),
    ]
    expect(wanted.filter((path) => !paths.has(path))).toEqual([])
  }, 60_000)
})
