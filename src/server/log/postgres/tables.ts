/** @param p what every name begins with */
export const tablesOf = (p: string) => `
CREATE TABLE IF NOT EXISTS ${p}channels (
  id text PRIMARY KEY,
  kind text NOT NULL,
  format text NOT NULL,
  metadata text NOT NULL,
  -- active, done, stopped, error; expired for a tombstone
  status text NOT NULL DEFAULT 'active',
  epoch text NOT NULL,
  -- numbers of the first event kept and of the next; bytes of all there ever were, and of those before the first kept
  first bigint NOT NULL DEFAULT 0,
  next bigint NOT NULL DEFAULT 0,
  total bigint NOT NULL DEFAULT 0,
  cum bigint NOT NULL DEFAULT 0,
  oldest bigint NOT NULL,
  created bigint NOT NULL,
  expires bigint,
  timeout bigint,
  quota text,
  -- what ends it: when its owner is lost, and when it is finished
  lost json,
  closing json,
  -- of a run: a node, or - while it waits for one that can go on with it; how often it was taken over
  owner text,
  claims integer NOT NULL DEFAULT 0,
  claim_nonce text,
  tries integer NOT NULL DEFAULT 0,
  reached bigint NOT NULL DEFAULT -1,
  orphaned bigint,
  resume text,
  input text,
  -- of the call that created it, and the last write of each node: a repeated one is known
  nonce text NOT NULL,
  marks jsonb NOT NULL DEFAULT '{}'
) WITH (fillfactor = 60);
CREATE INDEX IF NOT EXISTS ${indexOf(p, 'expires')} ON ${p}channels (expires) WHERE expires IS NOT NULL;
CREATE INDEX IF NOT EXISTS ${indexOf(p, 'owner')} ON ${p}channels (owner) WHERE status = 'active';
CREATE INDEX IF NOT EXISTS ${indexOf(p, 'quota')} ON ${p}channels (quota) WHERE status = 'active' AND quota IS NOT NULL;

-- Events that were written together: cum bytes came before them.
CREATE TABLE IF NOT EXISTS ${p}events (
  epoch text NOT NULL,
  seq bigint NOT NULL,
  count integer NOT NULL,
  at bigint NOT NULL,
  cum bigint NOT NULL,
  sizes integer[] NOT NULL,
  events text NOT NULL,
  PRIMARY KEY (epoch, seq)
);
CREATE TABLE IF NOT EXISTS ${p}nodes (node text PRIMARY KEY, lease bigint NOT NULL);
CREATE TABLE IF NOT EXISTS ${p}names (name text PRIMARY KEY, channel text NOT NULL, at bigint NOT NULL);
CREATE TABLE IF NOT EXISTS ${p}state (what text PRIMARY KEY, value bigint NOT NULL);
INSERT INTO ${p}state VALUES ('since', extract(epoch FROM clock_timestamp()) * 1000), ('beat', 0) ON CONFLICT DO NOTHING;
`

const indexOf = (p: string, name: string) => `${p.replace(/^.*\./, '')}channels_${name}`
