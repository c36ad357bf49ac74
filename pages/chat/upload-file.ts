import { demoServer } from '../demo-server'

interface Uploaded {
  readonly path: string
  readonly name: string
}

/**
 * Puts a file on the demo's server.
 * @param onProgress percent, 0 to 100
 * @returns its address
 */
export function uploadFile({ path, name }: Uploaded, onProgress: (percent: number) => void): Promise<string> {
  return new Promise((resolve, reject) => {
    const task = uni.uploadFile({
      url: `${demoServer()}/api/files`,
      filePath: path,
      name: 'file',
      formData: { name },
      success({ statusCode, data }) {
        if (statusCode !== 200) return reject(new Error(`The server answered ${statusCode}.`))
        resolve(demoServer() + (JSON.parse(data) as { url: string }).url)
      },
      fail: ({ errMsg }) => reject(new Error(errMsg)),
    })
    task?.onProgressUpdate?.(({ progress }) => onProgress(progress))
  })
}
