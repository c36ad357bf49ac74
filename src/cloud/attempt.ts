const PAUSES_MS = [100, 400]

/** Runs what may be run again: up to three times. @throws the last error */
export async function attempt<T>(run: () => Promise<T>): Promise<T> {
  for (const pauseMs of PAUSES_MS) {
    try {
      return await run()
    } catch {
      await new Promise((resume) => setTimeout(resume, pauseMs))
    }
  }
  return run()
}
