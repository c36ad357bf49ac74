import type { ChannelStatus, Connection } from 'uni-sse-channel'

const zh = {
  title: '云任务',
  intro: '同一个长任务运行在云函数和云对象里，每完成一步就推送一条中间结果。',
  tryIt: '运行中试试：切换标签页、断网几秒、返回上一页、刷新页面。消息不会丢失，也不会重复。',
  where: 'uniCloud 就运行在本机的 npm start 里：真实的云函数文件、数据库和推送，不需要 DCloud 账号。',
  start: '开始',
  again: '再来一次',
  stop: '停止',
  waiting: '等待第一条消息…',
  kinds: { function: '云函数', object: '云对象' },
  statuses: {
    idle: '未开始',
    submitted: '启动中',
    streaming: '运行中',
    done: '已完成',
    stopped: '已停止',
    error: '出错了',
  } satisfies Record<ChannelStatus, string>,
  connections: {
    closed: '',
    connecting: '正在连接',
    open: '已连接',
    waiting: '即将重连',
    paused: '已暂停，恢复后继续',
  } satisfies Record<Connection, string>,
}

const en: typeof zh = {
  title: 'Cloud task',
  intro: 'One long task, as a cloud function and as a method of a cloud object. Each step reports a result.',
  tryIt:
    'While it runs: switch tabs, go offline for some seconds, leave the page, reload it. No message is lost or comes twice.',
  where:
    'This uniCloud runs inside npm start: real cloud-function files, database and push, without a DCloud account.',
  start: 'Start',
  again: 'Again',
  stop: 'Stop',
  waiting: 'Waiting for the first message…',
  kinds: { function: 'Cloud function', object: 'Cloud object' },
  statuses: {
    idle: 'Not started',
    submitted: 'Starting',
    streaming: 'Running',
    done: 'Done',
    stopped: 'Stopped',
    error: 'Failed',
  },
  connections: {
    closed: '',
    connecting: 'connecting',
    open: 'connected',
    waiting: 'reconnecting soon',
    paused: 'paused until it is back',
  },
}

export const words = { zh, en }
