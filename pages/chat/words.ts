const zh = {
  title: '流式对话',
  menu: '打开对话列表',
  close: '关闭对话列表',
  newChat: '新对话',
  list: '对话列表',
  greeting: '有什么可以帮你？',
  hint: '回答会一边生成一边显示。切到后台、断网、换页面，都会从断点继续，一个字也不会少。',
  note: '内容由 AI 生成，请核对重要信息',
  look: '请看附件',
  shared: '已复制，可以粘贴分享',
  suggestions: [
    '用表格比较 SSE 和 WebSocket',
    '写一个防抖函数并解释',
    '给我一份深圳两日游计划',
    '北京这周天气怎么样',
    '订一张深圳到广州的高铁票',
  ],
}

const en: typeof zh = {
  title: 'Streaming chat',
  menu: 'Open the list of chats',
  close: 'Close the list of chats',
  newChat: 'New chat',
  list: 'Chats',
  greeting: 'How can I help?',
  hint: 'Answers appear while they are written. In the background, offline or on another page they wait, and go on to the last character.',
  note: 'Answers come from an AI. Check what matters.',
  look: 'Please look at this',
  shared: 'Copied, ready to paste',
  suggestions: [
    'Compare SSE and WebSocket in a table',
    'Write a debounce function and explain it',
    'Plan two days in Shenzhen',
    'How is the weather in Beijing this week?',
    'Book a train from Shenzhen to Guangzhou',
  ],
}

export const chatWords = { zh, en }
