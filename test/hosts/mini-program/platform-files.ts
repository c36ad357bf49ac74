/** Platforms whose compiled output this host can run. */
export type MiniProgramPlatformName = 'weixin' | 'toutiao'

/** What one vendor calls its files and directives. */
export interface PlatformFiles {
  template: string
  style: string
  script: string
  /** `wx` of `wx:if`. */
  directive: string
}

export const platformFiles: Record<MiniProgramPlatformName, PlatformFiles> = {
  weixin: { template: '.wxml', style: '.wxss', script: '.wxs', directive: 'wx' },
  toutiao: { template: '.ttml', style: '.ttss', script: '.sjs', directive: 'tt' },
}

/** A template in the words of the one that the template compiler knows. */
export function toWeixinTemplate(template: string, { directive }: PlatformFiles): string {
  if (directive === 'wx') return template
  return template
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
