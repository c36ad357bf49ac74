const zh = {
  title: '通知',
  hint: '一条有名字的通道。在两个窗口或两台设备上打开这一页，再发一条：每一页都会收到，而且只收到一次。断网后回来，错过的会补上。',
  open: '正在收听',
  connecting: '正在连接…',
  waiting: '连接断了，正在重连…',
  paused: '已暂停，恢复后补上',
  failed: '没有在收听',
  again: '重新收听',
  write: '写一条通知',
  send: '发送',
  suggestion: '晚上七点，三号会议室见。',
  empty: '还没有通知。发一条试试。',
  notSent: '没有发出去',
  heard: '条',
  now: '刚刚',
}

const en: typeof zh = {
  title: 'Notifications',
  hint: 'A channel with a name. Open this page in two windows or on two devices and send something: each page hears it, and hears it once. What was missed without a network comes after it.',
  open: 'Listening',
  connecting: 'Connecting…',
  waiting: 'The connection broke. Connecting again…',
  paused: 'Paused until it is back',
  failed: 'Not listening',
  again: 'Listen again',
  write: 'Write a notice',
  send: 'Send',
  suggestion: "Seven o'clock, room three.",
  empty: 'No notices yet. Send one.',
  notSent: 'Not sent',
  heard: 'heard',
  now: 'now',
}

export const words = { zh, en }
