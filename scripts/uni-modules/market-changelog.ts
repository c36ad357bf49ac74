import { existsSync, readFileSync } from 'node:fs'

/** The market wants each version as a heading of the second level with its changes below, newest first. */
export function marketChangelog(version: string): string {
  const own = existsSync('CHANGELOG.md') ? readFileSync('CHANGELOG.md', 'utf8') : ''
  const changes = own
    .replace(/^# .*\n+/, '')
    // Changesets sort by how far a change goes.
    .replace(/^### .*\n+/gm, '')
    .trim()
  return `${changes || `## ${version}\n\n- 首次发布`}\n`
}
