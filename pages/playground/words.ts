const zh = {
  title: '渲染演练场',
  size: '每块字符',
  pace: '每秒块数',
  play: '播放',
  again: '重播',
  smooth: '匀速显示',
  own: '粘贴文本',
  paste: '把任意文本粘贴到这里，按播放',
  hint: '选一段文本，按播放。速度和每块大小可以随时调整。',
  shown: '已播放',
  commits: '次更新',
  dropped: '丢帧',
  bytes: 'setData',
  ratio: '倍于文本',
}

const en: typeof zh = {
  title: 'Playground',
  size: 'Characters a chunk',
  pace: 'Chunks a second',
  play: 'Play',
  again: 'Again',
  smooth: 'Smooth',
  own: 'Your text',
  paste: 'Paste any text here, then press play',
  hint: 'Choose a text and press play. Pace and chunk size can be changed at any time.',
  shown: 'played',
  commits: 'commits',
  dropped: 'dropped frames',
  bytes: 'setData',
  ratio: 'times the text',
}

export const words = { zh, en }
