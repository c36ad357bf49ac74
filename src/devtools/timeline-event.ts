import type { Observation } from './channel-observation.js'

/** An event as the timeline of Vue's devtools has it. */
export interface TimelineEvent {
  readonly time: number
  readonly title: string
  readonly subtitle: string
  readonly groupId: string
  readonly logType: 'default' | 'warning' | 'error'
  readonly data: Readonly<Record<string, unknown>>
}

/** What the timeline shows of an observation. */
export function timelineEvent({
  kind,
  at,
  key,
  value,
  channelId,
  attempt,
  summary,
  detail,
}: Observation): TimelineEvent {
  const { status, connection, received, bytes, cursor, error } = summary
  const isWarning = value === 'waiting' || value === 'paused' || value === 'stopped'
  return {
    time: at,
    title: titles[kind](value, attempt),
    subtitle: key,
    groupId: channelId === '' ? key : channelId,
    logType: kind === 'error' || value === 'error' ? 'error' : isWarning ? 'warning' : 'default',
    data: {
      key,
      channelId,
      status,
      connection,
      attempt,
      received,
      bytes,
      cursor,
      ...(error && { error: `${error.code}: ${error.message}` }),
      ...detail,
    },
  }
}

const titles: Readonly<Record<Observation['kind'], (value: string, attempt: number) => string>> = {
  status: (value) => value,
  connection: (value, attempt) =>
    value === 'connecting' && attempt > 1 ? `connecting, attempt ${attempt}` : value,
  dial: (value) => `by ${value}`,
  progress: (value) => `${value} events`,
  error: (value) => value,
}
