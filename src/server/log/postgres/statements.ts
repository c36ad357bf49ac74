import { createHash } from 'node:crypto'
import { ChannelError } from '../../../core/channel-error.js'
import { callFunctionsOf } from './call-functions.js'
import { channelFunctionsOf, TOPICS } from './channel-functions.js'
import { tablesOf } from './tables.js'

/** @throws {ChannelError} BAD_OPTIONS */
export function checkPrefix(prefix: string): string {
  if (/^([a-z_][a-z0-9_]{0,30}\.)?[a-z_][a-z0-9_]{0,30}$/.test(prefix)) return prefix
  throw new ChannelError(
    'BAD_OPTIONS',
    'prefix has lower case letters, digits and _, perhaps behind a schema.',
  )
}

/** Everything that a log says to Postgres. */
export function statementsOf(p: string) {
  const topics = `${p.replace('.', '_')}t`
  const channels = `${p}channels`
  return {
    // One after the other: two that make the same table at once fail.
    ensure: `SELECT pg_advisory_xact_lock(hashtext('${p}ensure'));${tablesOf(p)}${channelFunctionsOf(p, topics)}${callFunctionsOf(p)}`,
    create: `SELECT ${p}create($1, $2) AS a`,
    append: `SELECT ${p}append($1, $2, $3, $4, $5, $6, $7) AS a`,
    finish: `SELECT ${p}finish($1, $2, $3, $4, $5) AS a`,
    claim: `SELECT ${p}claim($1, $2, $3, $4, $5, $6, $7) AS a`,
    remove: `SELECT ${p}remove($1, $2, $3) AS a`,
    look: `SELECT ${p}look($1, $2) AS a`,
    read: `SELECT ${p}read($1, $2, $3, $4, $5) AS a`,
    beat: `SELECT ${p}beat($1, $2, $3) AS a`,
    farewell: `DELETE FROM ${p}nodes WHERE node = $1`,
    owned: `SELECT id AS a FROM ${channels} WHERE owner = $1 AND status = 'active'`,
    states: `SELECT c.id, CASE WHEN ${p}readable(c) THEN c.status ELSE 'expired' END AS status, c.epoch, c.next,
      coalesce(c.owner, '') AS owner, c.claims::text AS claims FROM ${channels} c WHERE c.id = ANY ($1)`,
    active: `SELECT json_build_array(c.id, ${p}view(c)) AS a FROM ${channels} c WHERE c.status = 'active' AND ${p}readable(c)`,
    expired: `SELECT json_build_array(c.id, ${p}view(c)) AS a FROM ${channels} c
      WHERE NOT ${p}readable(c) AND c.expires + CASE c.status WHEN 'expired' THEN 0 ELSE $1::bigint END > ${p}now()`,
    count: `SELECT count(*) AS a FROM ${channels} c WHERE c.status = 'active' AND ${p}readable(c)`,
    point: `INSERT INTO ${p}names VALUES ($1, $2, ${p}now()) ON CONFLICT (name) DO UPDATE SET channel = $2, at = ${p}now()`,
    pointed: `SELECT n.channel AS a FROM ${p}names n JOIN ${channels} c ON c.id = n.channel
      WHERE n.name = $1 AND ${p}readable(c)`,
    since: `SELECT ${p}now() - value AS a FROM ${p}state WHERE what = 'since'`,
    touch: `UPDATE ${p}state SET value = value WHERE what = 'since'`,
    /** What is notified of a channel goes here; as the function `tell` has it. */
    topicOf: (channelId: string) =>
      topics + ((createHash('md5').update(channelId).digest()[0] as number) % TOPICS),
    topicOfNode: (node: string) => `${topics}n_${node}`,
  }
}
