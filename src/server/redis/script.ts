import { createHash } from 'node:crypto'

export interface Script {
  readonly source: string
  /** What EVALSHA knows it by. */
  readonly sha: string
}

export function defineScript(source: string): Script {
  return { source, sha: createHash('sha1').update(source).digest('hex') }
}
