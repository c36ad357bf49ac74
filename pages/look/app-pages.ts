export type PageName =
  'chat' | 'more' | 'channels' | 'notifications' | 'diagnostics' | 'unicloud' | 'playground' | 'settings'

interface AppPage {
  readonly name: PageName
  readonly zh: readonly [title: string, hint: string]
  readonly en: readonly [title: string, hint: string]
}

/** The pages of the demo, in the order of its lists. */
export const appPages: readonly AppPage[] = [
  { name: 'chat', zh: ['对话', '提问，看回答流过来'], en: ['Chat', 'Ask, and watch the answer stream'] },
  {
    name: 'channels',
    zh: ['通道', '这个应用里正在进行的一切'],
    en: ['Channels', 'Everything this app has going on'],
  },
  {
    name: 'notifications',
    zh: ['通知', '一条通道，多个页面，各听一次'],
    en: ['Notifications', 'One channel, many pages, each hears once'],
  },
  {
    name: 'diagnostics',
    zh: ['诊断', '在这台设备上逐一试每种传输'],
    en: ['Diagnostics', 'Tries every transport on this device'],
  },
  // #ifdef LOCAL_CLOUD
  {
    name: 'unicloud',
    zh: ['云任务', '云函数逐步汇报进度'],
    en: ['Cloud task', 'A cloud function reports its steps'],
  },
  // #endif
  {
    name: 'playground',
    zh: ['渲染演练场', '任意文本，任意速度'],
    en: ['Playground', 'Any text, at any speed'],
  },
  {
    name: 'settings',
    zh: ['设置', '外观、语言、服务器、模型'],
    en: ['Settings', 'Theme, language, server, model'],
  },
]

const addressOf = (name: PageName) => `/pages/${name}/${name}`
const routes = () => getCurrentPages().map(({ route }) => `/${route ?? ''}`)

/** Goes to a page: from the chat and the list onto the stack, from any other in its place. */
export function openPage(name: PageName): void {
  const stack = routes()
  const url = addressOf(name)
  const current = stack[stack.length - 1]
  if (current === url) return
  const depth = stack.lastIndexOf(url)
  if (depth >= 0) void uni.navigateBack({ delta: stack.length - 1 - depth })
  else if (name === 'chat') void uni.reLaunch({ url })
  else if (current === addressOf('chat') || current === addressOf('more')) void uni.navigateTo({ url })
  else void uni.redirectTo({ url })
}

/** Whether the platform offers a way back from this page. */
export const canGoBack = () => getCurrentPages().length > 1
