import { createServer } from 'node:net'

/**
 * Waits until it is known that this port can be listened on. Where it can't, says so in one line, with a way out, and
 * ends the process: before anything is built for it.
 * @param command what was called, for the advice
 * @param variable of the environment that chooses the port
 */
export async function requirePort(port: number, command: string, variable = 'PORT'): Promise<void> {
  const failure = await refusal(port)
  if (failure === undefined) return
  const other = port < 65_535 ? port + 1 : 3000
  console.error(
    failure.code === 'EADDRINUSE'
      ? `Port ${port} is in use. Try: ${variable}=${other} ${command}`
      : `Port ${port} can't be used: ${failure.message}. Try: ${variable}=3000 ${command}`,
  )
  process.exit(1)
}

function refusal(port: number): Promise<NodeJS.ErrnoException | undefined> {
  return new Promise((resolve) => {
    const probe = createServer()
    probe.once('error', resolve)
    try {
      probe.listen(port, () => probe.close(() => resolve(undefined)))
    } catch (error) {
      // Not a port: 70000, or no number.
      resolve(error as NodeJS.ErrnoException)
    }
  })
}
