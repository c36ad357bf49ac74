import { type ChildProcess, spawn } from 'node:child_process'
import { existsSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { delimiter, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { withTimeout } from '../with-timeout.js'

/** Which fonts of this machine pages see. */
const FONTS = fileURLToPath(new URL('fonts.conf', import.meta.url))

const FLAGS = [
  '--headless',
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
  // A microphone that hums: most machines of tests have none.
  '--use-fake-device-for-media-stream',
  '--remote-debugging-port=0',
]

const MISSING =
  'Chromium not found: install it (Debian/Ubuntu: apt-get install chromium) or set CHROMIUM to the binary of Chromium or Chrome.'

const START_TIMEOUT_MS = 90_000
const CLOSE_TIMEOUT_MS = 15_000
const REMOVE_ATTEMPTS = 40
const REMOVE_PAUSE_MS = 25

/**
 * The browser's binary: `$CHROMIUM`, else `/usr/bin/chromium`, else `chromium` on the PATH.
 * @throws {Error} one line that says what to install
 */
export function findChromium(): string {
  const named = process.env['CHROMIUM']
  const onPath = (process.env['PATH'] ?? '').split(delimiter).map((folder) => join(folder, 'chromium'))
  const found = (named ? [named] : ['/usr/bin/chromium', ...onPath]).find((path) => existsSync(path))
  if (found === undefined) throw new Error(named ? `${MISSING} (CHROMIUM=${named} does not exist)` : MISSING)
  return found
}

/** A running Chromium with its own throw-away profile. */
export interface ChromiumProcess {
  /** WebSocket URL of the browser's DevTools endpoint. */
  endpoint: string
  pid: number
  /** Asks `quit`, kills by pid if the process is still there after 15 s, and removes the profile. */
  close(quit: () => Promise<unknown>): Promise<void>
}

export async function startChromium(): Promise<ChromiumProcess> {
  const binary = findChromium()
  const profile = mkdtempSync(join(tmpdir(), 'host-chromium-'))
  const child = spawn(binary, [...FLAGS, `--user-data-dir=${profile}`, 'about:blank'], {
    stdio: ['ignore', 'ignore', 'pipe'],
    env: { ...process.env, FONTCONFIG_FILE: FONTS },
    // A process group of its own, so that a kill takes its helpers along: one of them left alive for a moment
    // writes the profile anew.
    detached: true,
  })
  const kill = () => {
    if (child.pid !== undefined && child.exitCode === null && child.signalCode === null)
      process.kill(-child.pid, 'SIGKILL')
  }
  const exited = new Promise<void>((resolve) => child.once('close', () => resolve()))
  const killNow = () => {
    kill()
    removeFolder(profile)
  }
  const stopGuarding = guardExit(killNow)

  const close = async (quit: () => Promise<unknown>) => {
    const timer = setTimeout(kill, CLOSE_TIMEOUT_MS)
    await quit().catch(kill)
    await exited
    clearTimeout(timer)
    stopGuarding()
    removeFolder(profile)
  }
  try {
    return {
      endpoint: await withTimeout(readEndpoint(child), START_TIMEOUT_MS, 'Chromium does not listen'),
      pid: child.pid ?? -1,
      close,
    }
  } catch (error) {
    await close(() => Promise.reject(error))
    throw error
  }
}

/**
 * Removes a folder that killed processes may write into until the kernel is done with them, so: again, until it
 * stays away. Synchronous, for exit handlers. Node's own retries try the same list of files again.
 */
function removeFolder(path: string): void {
  for (let attempt = 1, absent = 0; absent < 2; attempt++) {
    try {
      rmSync(path, { recursive: true, force: true })
    } catch (error) {
      if (attempt >= REMOVE_ATTEMPTS) throw error
    }
    Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, REMOVE_PAUSE_MS)
    absent = existsSync(path) ? 0 : absent + 1
  }
}

/** Runs `cleanUp` however this process ends, short of SIGKILL; returns the undo. */
function guardExit(cleanUp: () => void): () => void {
  // Test runners end their workers with SIGTERM, which fires no exit event by itself.
  const signals = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const
  const onSignal = (signal: NodeJS.Signals) => {
    cleanUp()
    undo()
    process.kill(process.pid, signal)
  }
  const undo = () => {
    process.off('exit', cleanUp)
    for (const signal of signals) process.off(signal, onSignal)
  }
  process.once('exit', cleanUp)
  for (const signal of signals) process.once(signal, onSignal)
  return undo
}

function readEndpoint(child: ChildProcess): Promise<string> {
  return new Promise((resolve, reject) => {
    let output = ''
    child.stderr?.on('data', (chunk: Buffer) => {
      output += chunk.toString()
      const endpoint = /DevTools listening on (ws:\S+)/.exec(output)?.[1]
      if (endpoint !== undefined) resolve(endpoint)
    })
    child.once('error', reject)
    child.once('close', (code) =>
      reject(new Error(`Chromium ended with ${code} before it listened:\n${output}`)),
    )
  })
}
