import { translateAxml } from './alipay/translate-axml.js'

/** Platforms whose compiled output this host can run. */
export type MiniProgramPlatformName = 'weixin' | 'toutiao' | 'alipay'

/** What one vendor calls its files and directives. */
export interface PlatformFiles {
  template: string
  style: string
  script: string
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
  },
}

/** A template in the words of the one that the template compiler knows. */
export function toWeixinTemplate(
  template: string,
  { directive, translate }: PlatformFiles,
  components: ReadonlySet<string>,
): string {
  if (directive === 'wx') return template
  return (translate?.(template, components) ?? template)
    .replace(new RegExp(`(\\s)${directive}:(?=(?:if|elif|else|for|key)\\b)`, 'g'), '$1wx:')
    .replace(
      /<slot((?:\s[^>]*[^>/])?)>((?:(?!<\/?slot)[^])+)<\/slot>/g,
      (_, attributes: string, fallback: string) => {
        const name = /\sname="([^"]+)"/.exec(attributes)?.[1] ?? 'd'
        // WeChat's slots have no content of their own to fall back on.
        return `<slot${attributes}></slot><block wx:if="{{!$slots.${name}}}">${fallback}</block>`
      },
    )
}
