import { platformLocale } from 'uni-sse-channel'

const zh = {
  title: '流式对话',
  channels: '通道',
  playground: '渲染演练场',
  unicloud: 'uniCloud 任务',
  more: '更多',
  clear: '清空',
  greeting: '有什么可以帮你？',
  hint: '回答会一边生成一边显示。切到后台、断网、换页面，都会从断点继续，一个字也不会少。',
  placeholder: '问点什么…',
  send: '发送',
  stop: '停止生成',
  bottom: '回到底部',
  suggestions: ['用表格比较 SSE 和 WebSocket', '写一个防抖函数并解释', '给我一份深圳两日游计划'],
}

const en: typeof zh = {
  title: 'Streaming chat',
  channels: 'Channels',
  playground: 'Playground',
  unicloud: 'uniCloud tasks',
  more: 'Also here',
  clear: 'Clear',
  greeting: 'How can I help?',
  hint: 'Answers appear while they are written. In the background, offline or on another page they wait, and go on to the last character.',
  placeholder: 'Ask something…',
  send: 'Send',
  stop: 'Stop generating',
  bottom: 'Back to the end',
  suggestions: [
    'Compare SSE and WebSocket in a table',
    'Write a debounce function and explain it',
    'Plan two days in Shenzhen',
  ],
}

export const words = /^zh/i.test(platformLocale()) ? zh : en
