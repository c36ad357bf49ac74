/** What the tools of code and tables say, on H5 alone. */
export interface ToolWords {
  readonly wrap: string
  readonly fold: string
  readonly unfold: string
  readonly download: string
  readonly copyTable: string
  readonly copied: string
}

const zh: ToolWords = {
  wrap: '换行',
  fold: '收起',
  unfold: '展开',
  download: '下载',
  copyTable: '复制表格',
  copied: '已复制',
}
const en: ToolWords = {
  wrap: 'Wrap',
  fold: 'Fold',
  unfold: 'Unfold',
  download: 'Download',
  copyTable: 'Copy table',
  copied: 'Copied',
}

/** In the language of the button that copies code. */
export const toolWords = (copyLabel: string): ToolWords => (copyLabel === 'Copy' ? en : zh)
