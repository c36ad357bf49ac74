import type { ChannelStatus, Connection } from 'uni-sse-channel'

const zh = {
  title: '通道',
  hint: '这个应用里的所有通道。离开启动它的页面，通道仍在继续。',
  empty: '还没有通道。',
  emptyHint: '去对话里提一个问题，再回到这里看看。',
  toChat: '去提问',
  events: '个事件',
  bytes: '大小',
  since: '开始于',
  cursor: '游标',
  stop: '停止',
  stopAll: '全部停止',
  remove: '移除',
  running: '个正在进行',
  statuses: {
    idle: '空闲',
    submitted: '等待中',
    streaming: '进行中',
    done: '已完成',
    stopped: '已停止',
    error: '出错',
  } satisfies Record<ChannelStatus, string>,
  connections: {
    closed: '连接已关闭',
    connecting: '正在连接',
    open: '已连接',
    waiting: '即将重连',
    paused: '已暂停，恢复后继续',
  } satisfies Record<Connection, string>,
}

const en: typeof zh = {
  title: 'Channels',
  hint: 'Every channel of this app. It goes on when you leave the page that started it.',
  empty: 'No channels yet.',
  emptyHint: 'Ask something in the chat, then come back.',
  toChat: 'Ask something',
  events: 'events',
  bytes: 'Size',
  since: 'Begun',
  cursor: 'Cursor',
  stop: 'Stop',
  stopAll: 'Stop all',
  remove: 'Remove',
  running: 'running',
  statuses: {
    idle: 'idle',
    submitted: 'waiting',
    streaming: 'streaming',
    done: 'done',
    stopped: 'stopped',
    error: 'failed',
  },
  connections: {
    closed: 'closed',
    connecting: 'connecting',
    open: 'connected',
    waiting: 'reconnecting soon',
    paused: 'paused until it is back',
  },
}

export const words = { zh, en }
