import { readFileSync, rmSync, writeFileSync } from 'node:fs'
import { setTimeout as delay } from 'node:timers/promises'

const POLL_MS = 100

/**
 * Waits until this process alone holds the lock; returns the release function.
 * The file holds its owner's pid, so the lock of a process that was killed is taken over.
 */
export async function acquireFileLock(path: string): Promise<() => void> {
  while (!tryCreate(path)) {
    if (isAbandoned(path)) rmSync(path, { force: true })
    else await delay(POLL_MS)
  }
  return () => rmSync(path, { force: true })
}

function tryCreate(path: string): boolean {
  try {
    writeFileSync(path, String(process.pid), { flag: 'wx' })
    return true
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false
    throw error
  }
}

function isAbandoned(path: string): boolean {
  try {
    const owner = Number(readFileSync(path, 'utf8'))
    // Empty for the moment between creating the file and writing to it.
    if (owner > 0) process.kill(owner, 0)
    return false
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'ESRCH'
  }
}
