import { execFileSync } from 'node:child_process'

/** From now on no file of this process may be written, as on a disk that is full; or all may be again. */
export function setRoom(room: 'none' | 'any') {
  const limit = room === 'none' ? '0' : 'unlimited'
  execFileSync('prlimit', ['--pid', String(process.pid), `--fsize=${limit}:unlimited`], { stdio: 'pipe' })
}
