import { demoServer } from './demo-server'

/**
 * What the demo's server says besides answers: `/api/info`, `/api/notifications`.
 * @throws {Error} in the platform's or the server's words
 */
export function askServer<Answer>(path: string, data?: object, server = demoServer()): Promise<Answer> {
  return new Promise((resolve, reject) => {
    uni.request({
      url: server + path,
      method: data ? 'POST' : 'GET',
      ...(data && { data }),
      header: { 'content-type': 'application/json' },
      timeout: 15_000,
      success({ statusCode, data: answer }) {
        const isAnswer = statusCode === 200 && typeof answer === 'object'
        if (isAnswer) resolve(answer as Answer)
        else reject(new Error(`HTTP ${statusCode}`))
      },
      fail: ({ errMsg }: { errMsg?: string }) => reject(new Error(errMsg ?? 'no answer')),
    })
  })
}

/** Who the server is. */
export interface ServerInfo {
  readonly models: readonly { readonly id: string; readonly name: string }[]
  readonly node: string
}
