import { translateAxml } from './alipay/translate-axml.js'

/** Platforms whose compiled output this host can run. */
export type MiniProgramPlatformName = 'weixin' | 'toutiao' | 'alipay'

/** What one vendor calls its files and directives. */
export interface PlatformFiles {
  template: string
  style: string
  script: string
  /** A view script as the template compiler knows it. */
  translateScript?(code: string): string
  /** `wx` of `wx:if`. */
  directive: string
  /** Before the directives: what else the vendor writes differently, given the names of the components it uses. */
  translate?(template: string, components: ReadonlySet<string>): string
}

export const platformFiles: Record<MiniProgramPlatformName, PlatformFiles> = {
  weixin: { template: '.wxml', style: '.wxss', script: '.wxs', directive: 'wx' },
  toutiao: { template: '.ttml', style: '.ttss', script: '.sjs', directive: 'tt' },
  alipay: {
    ...{ template: '.axml', style: '.acss', script: '.sjs', directive: 'a' },
    translate: translateAxml,
    // A module's default there, and nothing else.
    translateScript: (code) => code.replace(/(^|[;}])export default\s*/m, '$1module.exports = '),
  },
}

/** Douyin's and Alipay's tags for a script that runs in the view. */
const VIEW_SCRIPT = /<(?:sjs|import-sjs)\s[^>]*?\/?>(?:<\/(?:sjs|import-sjs)>)?/g

/** A template in the words of the one that the template compiler knows. */
export function toWeixinTemplate(
  template: string,
  { directive, translate }: PlatformFiles,
  components: ReadonlySet<string>,
): string {
  if (directive === 'wx') return template
  const scripts: string[] = []
  const markup = template.replace(VIEW_SCRIPT, (tag) => {
    const [, module = ''] = /\s(?:module|name)="(\w+)"/.exec(tag) ?? []
    const [, from = ''] = /\s(?:src|from)="([^"]+)\.sjs"/.exec(tag) ?? []
    scripts.push(`<wxs module="${module}" src="${from}.wxs"></wxs>`)
    return ''
  })
  const body = (translate?.(markup, components) ?? markup)
    .replace(new RegExp(`(\\s)${directive}:(?=(?:if|elif|else|for|key)\\b)`, 'g'), '$1wx:')
    .replace(
      /<slot((?:\s[^>]*[^>/])?)>((?:(?!<\/?slot)[^])+)<\/slot>/g,
      (_, attributes: string, fallback: string) => {
        const name = /\sname="([^"]+)"/.exec(attributes)?.[1] ?? 'd'
        // WeChat's slots have no content of their own to fall back on.
        return `<slot${attributes}></slot><block wx:if="{{!$slots.${name}}}">${fallback}</block>`
      },
    )
  return scripts.join('') + body
}
