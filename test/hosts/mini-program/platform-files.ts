/** Platforms whose compiled output this host can run. */
export type MiniProgramPlatformName = 'weixin'

/** What one vendor calls its files: `tt` would be ttml, ttss, sjs; `my` axml, acss, sjs. */
export interface PlatformFiles {
  template: string
  style: string
  script: string
}

export const platformFiles: Record<MiniProgramPlatformName, PlatformFiles> = {
  weixin: { template: '.wxml', style: '.wxss', script: '.wxs' },
}
