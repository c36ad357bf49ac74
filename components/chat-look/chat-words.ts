/** What the chat components say, in one language. `{n}` and `{all}` are replaced. */
export interface ChatWords {
  readonly you: string
  readonly answer: string
  readonly copy: string
  readonly copied: string
  readonly copyFailed: string
  readonly edit: string
  readonly cancel: string
  readonly regenerate: string
  readonly like: string
  readonly dislike: string
  readonly share: string
  readonly previousVersion: string
  readonly nextVersion: string
  readonly version: string
  readonly sources: string
  readonly image: string
  readonly allow: string
  readonly deny: string
  readonly toolInput: string
  readonly toolOutput: string
  readonly toolPrepares: string
  readonly toolRuns: string
  readonly toolAsks: string
  readonly toolDone: string
  readonly toolFailed: string
  readonly toolDenied: string
  readonly conversation: string
  readonly newest: string
  readonly earlier: string
  readonly today: string
  readonly yesterday: string
  readonly lastWeek: string
  readonly before: string
  readonly pinned: string
  readonly placeholder: string
  readonly send: string
  readonly stop: string
  readonly attach: string
  readonly camera: string
  readonly album: string
  readonly file: string
  readonly attachments: string
  readonly voice: string
  readonly recording: string
  readonly recorded: string
  readonly voiceFailed: string
  readonly play: string
  readonly pause: string
  readonly uploading: string
  readonly uploadFailed: string
  readonly tooLarge: string
  readonly retry: string
  readonly remove: string
  readonly waits: string
  readonly offline: string
  readonly reconnects: string
  readonly paused: string
  readonly suggestions: string
  readonly conversations: string
  readonly newConversation: string
  readonly search: string
  readonly untitled: string
  readonly more: string
  readonly rename: string
  readonly save: string
  readonly pin: string
  readonly unpin: string
  readonly removeSure: string
  readonly unread: string
  readonly nothingYet: string
  readonly nothingFound: string
  readonly loadMore: string
}

const zh: ChatWords = {
  you: '你',
  answer: '回答',
  copy: '复制',
  copied: '已复制',
  copyFailed: '复制失败',
  edit: '编辑',
  cancel: '取消',
  regenerate: '重新生成',
  like: '喜欢',
  dislike: '不喜欢',
  share: '分享',
  previousVersion: '上一个版本',
  nextVersion: '下一个版本',
  version: '第 {n} 个版本，共 {all} 个',
  sources: '{n} 个来源',
  image: '图片',
  allow: '允许',
  deny: '拒绝',
  toolInput: '参数',
  toolOutput: '结果',
  toolPrepares: '准备中',
  toolRuns: '运行中',
  toolAsks: '等待你确认',
  toolDone: '已完成',
  toolFailed: '失败',
  toolDenied: '已拒绝',
  conversation: '对话',
  newest: '回到底部',
  earlier: '更早的消息',
  today: '今天',
  yesterday: '昨天',
  lastWeek: '7 天内',
  before: '更早',
  pinned: '置顶',
  placeholder: '问点什么…',
  send: '发送',
  stop: '停止',
  attach: '添加图片或文件',
  camera: '拍照',
  album: '从相册选择',
  file: '选择文件',
  attachments: '附件',
  voice: '语音输入',
  recording: '正在录音',
  recorded: '完成录音',
  voiceFailed: '无法录音，请检查麦克风权限',
  play: '播放',
  pause: '暂停',
  uploading: '上传中 {n}%',
  uploadFailed: '上传失败',
  tooLarge: '文件太大',
  retry: '重试',
  remove: '删除',
  waits: '排队中',
  offline: '网络已断开，恢复后自动继续',
  reconnects: '网络不稳，正在重新连接',
  paused: '已暂停，回到前台后继续',
  suggestions: '试试这样问',
  conversations: '对话列表',
  newConversation: '新对话',
  search: '搜索对话',
  untitled: '新对话',
  more: '更多操作',
  rename: '重命名',
  save: '保存',
  pin: '置顶',
  unpin: '取消置顶',
  removeSure: '删除这个对话？',
  unread: '有新回答',
  nothingYet: '还没有对话',
  nothingFound: '没有找到',
  loadMore: '加载更多',
}

const en: ChatWords = {
  you: 'You',
  answer: 'Answer',
  copy: 'Copy',
  copied: 'Copied',
  copyFailed: 'Not copied',
  edit: 'Edit',
  cancel: 'Cancel',
  regenerate: 'Try again',
  like: 'Good answer',
  dislike: 'Bad answer',
  share: 'Share',
  previousVersion: 'Previous version',
  nextVersion: 'Next version',
  version: 'Version {n} of {all}',
  sources: 'Sources: {n}',
  image: 'Image',
  allow: 'Allow',
  deny: 'Deny',
  toolInput: 'Input',
  toolOutput: 'Result',
  toolPrepares: 'Preparing',
  toolRuns: 'Running',
  toolAsks: 'Needs your approval',
  toolDone: 'Done',
  toolFailed: 'Failed',
  toolDenied: 'Denied',
  conversation: 'Conversation',
  newest: 'Back to the end',
  earlier: 'Earlier messages',
  today: 'Today',
  yesterday: 'Yesterday',
  lastWeek: 'Last 7 days',
  before: 'Earlier',
  pinned: 'Pinned',
  placeholder: 'Ask something…',
  send: 'Send',
  stop: 'Stop',
  attach: 'Add images or files',
  camera: 'Take a photo',
  album: 'Choose from album',
  file: 'Choose a file',
  attachments: 'Attachments',
  voice: 'Speak',
  recording: 'Recording',
  recorded: 'Done recording',
  voiceFailed: 'Could not record. Allow this app to use the microphone.',
  play: 'Play',
  pause: 'Pause',
  uploading: 'Uploading {n}%',
  uploadFailed: 'Not uploaded',
  tooLarge: 'Too large',
  retry: 'Retry',
  remove: 'Delete',
  waits: 'Waiting',
  offline: 'No network. It goes on when there is one.',
  reconnects: 'Connecting again',
  paused: 'Paused until the app is back',
  suggestions: 'Try one of these',
  conversations: 'Conversations',
  newConversation: 'New chat',
  search: 'Search chats',
  untitled: 'New chat',
  more: 'More actions',
  rename: 'Rename',
  save: 'Save',
  pin: 'Pin',
  unpin: 'Unpin',
  removeSure: 'Delete this chat?',
  unread: 'New answer',
  nothingYet: 'No chats yet',
  nothingFound: 'Nothing found',
  loadMore: 'Load more',
}

/**
 * Any Chinese locale gets Chinese, all others English.
 * @param own words of an application, which go before these
 */
export function chatWords(locale: string, own?: Partial<ChatWords>): ChatWords {
  const known = /^zh/i.test(locale) ? zh : en
  return own ? { ...known, ...own } : known
}

/** A sentence with its numbers. */
export const filled = (sentence: string, n: number, all = n): string =>
  sentence.replace('{n}', String(n)).replace('{all}', String(all))
