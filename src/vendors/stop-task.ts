import type { Asked, HowToStop } from './vendor.js'

/**
 * How Dify stops a run, by the id of its task: under the address it was asked at, for the user who asked.
 * @see https://docs.dify.ai/en/api-reference/chats/stop-chat-message-generation
 */
export function stopTask({ url, body }: Asked, taskId: string): HowToStop {
  if (taskId === '') return 'later'
  const asked = url.replace(/[?#].*$/, '').replace(/\/+$/, '')
  const workflows = /^(.*\/workflows)(\/[^/]+)?\/run$/.exec(asked)?.[1]
  const task = encodeURIComponent(taskId)
  return {
    method: 'POST',
    url: workflows ? `${workflows}/tasks/${task}/stop` : `${asked}/${task}/stop`,
    body: { user: body.user },
  }
}
