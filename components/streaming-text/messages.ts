import type { ErrorCode } from 'uni-sse-channel'

/** What the component says of itself, in one language. */
export interface Messages {
  readonly waiting: string
  readonly stop: string
  readonly stopped: string
  readonly retry: string
  readonly failed: string
  /** Put behind what went wrong, where some of the answer is there. */
  readonly kept: string
  /** Said once to screen readers, at the end. */
  readonly finished: string
  readonly copy: string
  readonly copied: string
  readonly thinking: string
  readonly thought: string
  readonly thoughtFor: (seconds: number) => string
  /** Sentences for the failures a reader can do something about; `failed` for the rest. */
  readonly errors: Partial<Readonly<Record<ErrorCode, string>>>
}

const zh: Messages = {
  waiting: '正在思考',
  stop: '停止生成',
  stopped: '已停止生成',
  retry: '重试',
  failed: '生成出错了',
  kept: '，已有内容已保留',
  finished: '回答已生成完毕',
  copy: '复制',
  copied: '已复制',
  thinking: '思考中…',
  thought: '已深度思考',
  thoughtFor: (seconds) => `已深度思考（用时 ${seconds} 秒）`,
  errors: {
    CONNECTION_LOST: '网络连接中断',
    FIRST_BYTE_TIMEOUT: '服务器响应超时',
    IDLE_TIMEOUT: '网络连接中断',
    CHANNEL_NOT_FOUND: '会话已过期',
    HISTORY_EXPIRED: '会话已过期',
    RATE_LIMITED: '请求太频繁，请稍后再试',
    UNAUTHORIZED: '请先登录',
    FORBIDDEN: '没有权限',
    SERVER_BUSY: '服务繁忙，请稍后再试',
    STOP_FAILED: '停止指令未送达，服务器可能仍在生成',
    BODY_TOO_LARGE: '内容太长了',
  },
}

const en: Messages = {
  waiting: 'Thinking',
  stop: 'Stop generating',
  stopped: 'Stopped',
  retry: 'Retry',
  failed: 'Something went wrong.',
  kept: ' What arrived is kept.',
  finished: 'The answer is complete',
  copy: 'Copy',
  copied: 'Copied',
  thinking: 'Thinking…',
  thought: 'Thought about it',
  thoughtFor: (seconds) => `Thought for ${seconds} s`,
  errors: {
    CONNECTION_LOST: 'The connection was lost.',
    FIRST_BYTE_TIMEOUT: 'The server did not answer in time.',
    IDLE_TIMEOUT: 'The connection was lost.',
    CHANNEL_NOT_FOUND: 'This answer has expired on the server.',
    HISTORY_EXPIRED: 'This answer has expired on the server.',
    RATE_LIMITED: 'Too many requests. Please wait a moment.',
    UNAUTHORIZED: 'Please sign in.',
    FORBIDDEN: 'You may not do this.',
    SERVER_BUSY: 'The server is busy. Please wait a moment.',
    STOP_FAILED: 'The stop did not reach the server; it may still be generating.',
    BODY_TOO_LARGE: 'That is too long.',
  },
}

/** Any Chinese locale gets Chinese, all others English. */
export function messagesFor(locale: string): Messages {
  return /^zh/i.test(locale) ? zh : en
}

/** Failures in the middle of an answer, of which what came so far is worth a word. */
const BREAKS: readonly ErrorCode[] = [
  'CONNECTION_LOST',
  'IDLE_TIMEOUT',
  'CHANNEL_NOT_FOUND',
  'HISTORY_EXPIRED',
]

/** What went wrong, and that what came is kept: only where something came. */
export function failureText(messages: Messages, code: ErrorCode | undefined, hasText: boolean): string {
  const known = code && messages.errors[code]
  if (known && !BREAKS.includes(code)) return known
  return (known ?? messages.failed) + (hasText ? messages.kept : '')
}
