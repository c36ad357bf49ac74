import type { DemoTool } from './demo-tool.js'

interface Notice {
  readonly text: string
}

const asked =
  /发送|发(一条|条|个)?(通知|消息|提醒)|提醒(我|大家)|\bnotify\b|\bremind (me|us)\b|\bsend (me|us|it|this|a|an|the|out)\b/i

/** Tells every page that listens to the notifications. Others see it, so the user is asked. */
export const sendNoticeTool: DemoTool<Notice, { readonly sent: true; readonly text: string }> = {
  name: 'sendNotice',
  title: { zh: '发送通知', en: 'Send a notice' },
  asks: { zh: '所有打开的页面都会收到。', en: 'Every open page will hear it.' },
  plan: (prompt) => (asked.test(prompt) ? { text: textIn(prompt) } : undefined),
  thought: ({ text }) => ({
    zh: `用户要我发一条通知：「${text}」。别人会看到，先问一下。`,
    en: `The user wants a notice sent: “${text}”. Others will see it: I ask first.`,
  }),
  async execute({ text }, { notify }) {
    await notify(text)
    return { sent: true, text }
  },
  tell: ({ text }) => ({
    zh: `已经发送：「${text}」。打开「通知」页面就能看到它。📣\n`,
    en: `Sent: “${text}”. You find it on the page of notifications. 📣\n`,
  }),
}

/** What stands in quotes or after a colon, else the whole of it. */
function textIn(prompt: string): string {
  const quoted = /[「“"']([^」”"']+)[」”"']/.exec(prompt)?.[1]
  const after = /[:：]\s*(.+)$/s.exec(prompt)?.[1]
  return (quoted ?? after ?? prompt).trim().slice(0, 200)
}
