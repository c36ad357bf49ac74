/** What a log calls, each in one statement. @see channel-functions.ts */
export const callFunctionsOf = (p: string) => `
CREATE OR REPLACE FUNCTION ${p}create(a json, b bigint[]) RETURNS json LANGUAGE plpgsql AS $$
DECLARE
  c ${p}channels;
  at_ms bigint := ${p}now();
BEGIN
  -- Two of one quota, or of one name, one after the other.
  PERFORM pg_advisory_xact_lock(hashtext('${p}'), hashtext(coalesce(a ->> 'quota', a ->> 'id')));
  SELECT * INTO c FROM ${p}channels WHERE id = a ->> 'id' FOR UPDATE;
  IF FOUND AND c.status <> 'expired' AND NOT ${p}readable(c) THEN
    PERFORM ${p}bury(c, a ->> 'node', b);
    SELECT * INTO c FROM ${p}channels WHERE id = a ->> 'id' FOR UPDATE;
  END IF;
  IF FOUND AND c.status <> 'expired' THEN
    RETURN CASE WHEN c.nonce = a ->> 'nonce' THEN json_build_array('ok', ${p}view(c)) ELSE json_build_array('exists', c.owner) END;
  END IF;
  IF FOUND AND c.expires > at_ms AND a ->> 'tombstone' = 'refuse' THEN RETURN '["expired"]'; END IF;
  IF (a ->> 'quota') IS NOT NULL AND (a ->> 'quotaMax')::float <= (SELECT count(*) FROM ${p}channels o
    WHERE o.quota = a ->> 'quota' AND o.status = 'active' AND (o.expires IS NULL OR o.expires > at_ms))
    THEN RETURN '["quota"]';
  END IF;
  IF (a ->> 'maxChannels')::float <= (SELECT count(*) FROM ${p}channels o WHERE o.status = 'active') THEN RETURN '["busy"]'; END IF;
  DELETE FROM ${p}channels WHERE id = a ->> 'id';
  INSERT INTO ${p}channels (id, kind, format, metadata, epoch, oldest, created, expires, timeout, quota, lost, closing, owner,
    resume, input, nonce)
  VALUES (a ->> 'id', a ->> 'kind', a ->> 'format', a ->> 'metadata', a ->> 'epoch', at_ms, at_ms,
    at_ms + (a ->> 'timeout')::bigint, (a ->> 'timeout')::bigint, a ->> 'quota', (a ->> 'lost')::json, (a ->> 'closing')::json,
    a ->> 'owner', a ->> 'resume', a ->> 'input', a ->> 'nonce')
  ON CONFLICT DO NOTHING RETURNING * INTO c;
  IF NOT FOUND THEN RETURN '["exists", null]'; END IF;
  -- Its node may have slept over its lease and not have said yet that it is back.
  IF c.owner IS NOT NULL THEN
    INSERT INTO ${p}nodes VALUES (c.owner, at_ms + (a ->> 'lease')::bigint)
      ON CONFLICT (node) DO UPDATE SET lease = greatest(${p}nodes.lease, excluded.lease);
  END IF;
  RETURN json_build_array('ok', ${p}view(c));
END $$;

CREATE OR REPLACE FUNCTION ${p}append(a_id text, me text, a_number bigint, claim text, a_outcome text, chunks json, b bigint[])
RETURNS json LANGUAGE plpgsql AS $$
DECLARE
  c ${p}channels;
  mark jsonb;
  seq bigint;
BEGIN
  SELECT * INTO c FROM ${p}channels WHERE id = a_id FOR UPDATE;
  mark := c.marks -> me;
  IF (mark ->> 0)::bigint >= a_number THEN RETURN json_build_array('ok', c.epoch, mark ->> 1); END IF;
  IF NOT ${p}readable(c) THEN RETURN '["none"]'; END IF;
  IF c.status <> 'active' THEN RETURN json_build_array('closed', c.status); END IF;
  IF c.owner IS NOT NULL AND (c.owner <> me OR c.claims::text <> claim) THEN RETURN '["moved"]'; END IF;
  seq := c.next;
  c.marks := c.marks || jsonb_build_object(me, jsonb_build_array(a_number, seq));
  PERFORM ${p}write(c, me, chunks, a_outcome, b);
  RETURN json_build_array('ok', c.epoch, seq);
END $$;

CREATE OR REPLACE FUNCTION ${p}finish(a_id text, me text, how text, only_of text, b bigint[]) RETURNS text LANGUAGE plpgsql AS $$
DECLARE
  c ${p}channels;
  outcome text;
BEGIN
  SELECT * INTO c FROM ${p}channels WHERE id = a_id FOR UPDATE;
  IF only_of <> '' AND c.owner IS DISTINCT FROM only_of THEN RETURN ''; END IF;
  IF NOT ${p}readable(c) THEN RETURN 'expired'; END IF;
  IF c.status <> 'active' THEN RETURN c.status; END IF;
  IF how = 'lost' AND c.resume IS NOT NULL THEN
    PERFORM ${p}orphan(c, me);
    RETURN 'active';
  END IF;
  outcome := CASE WHEN how = 'lost' THEN 'error' WHEN c.kind = 'feed' THEN 'done' ELSE 'stopped' END;
  PERFORM ${p}finish_as(c, me, how, outcome, b);
  RETURN outcome;
END $$;

CREATE OR REPLACE FUNCTION ${p}remove(a_id text, me text, only_epoch text) RETURNS boolean LANGUAGE plpgsql AS $$
DECLARE c ${p}channels;
BEGIN
  DELETE FROM ${p}channels WHERE id = a_id AND (only_epoch IS NULL OR epoch = only_epoch) RETURNING * INTO c;
  IF NOT FOUND THEN RETURN false; END IF;
  DELETE FROM ${p}events e WHERE e.epoch = c.epoch;
  PERFORM ${p}tell(c.id, 'g ' || c.epoch);
  IF c.status = 'active' THEN PERFORM ${p}tell_owner(c, me, 'x expired'); END IF;
  RETURN c.status <> 'expired' OR c.expires > ${p}now();
END $$;

-- The channel as it is now, without what is too old to be kept. Null: there is none.
CREATE OR REPLACE FUNCTION ${p}look(a_id text, b bigint[]) RETURNS json LANGUAGE plpgsql AS $$
DECLARE c ${p}channels;
BEGIN
  SELECT * INTO c FROM ${p}channels WHERE id = a_id;
  IF NOT FOUND THEN RETURN NULL; END IF;
  IF ${p}readable(c) AND c.first < c.next AND c.oldest <= ${p}now() - b[3] THEN
    SELECT * INTO c FROM ${p}channels WHERE id = a_id FOR UPDATE;
    c := ${p}trim(c, b);
  END IF;
  IF c.status = 'expired' AND c.expires <= ${p}now() THEN RETURN NULL; END IF;
  IF c.status <> 'expired' AND NOT ${p}readable(c) AND c.expires + b[4] <= ${p}now() THEN RETURN NULL; END IF;
  RETURN ${p}view(c);
END $$;

-- A page: the channel, then number and events of each row.
CREATE OR REPLACE FUNCTION ${p}read(a_id text, after bigint, max_events bigint, max_bytes bigint, b bigint[])
RETURNS json LANGUAGE plpgsql AS $$
DECLARE
  v json := ${p}look(a_id, b);
  r ${p}events;
  pages json[] := '{}';
  from_seq bigint;
  events bigint := 0;
  bytes bigint := 0;
BEGIN
  IF v IS NULL OR v ->> 0 = 'expired' THEN RETURN NULL; END IF;
  from_seq := greatest(after + 1, (v ->> 8)::bigint);
  FOR r IN SELECT * FROM ${p}events e WHERE e.epoch = v ->> 2 AND e.seq >= coalesce((SELECT max(o.seq) FROM ${p}events o
    WHERE o.epoch = v ->> 2 AND o.seq <= from_seq), 0) AND e.seq < (v ->> 9)::bigint ORDER BY e.seq LOOP
    pages := pages || json_build_array(r.seq, r.events);
    events := events + r.count - greatest(0, from_seq - r.seq);
    bytes := bytes + (SELECT coalesce(sum(s), 0) FROM unnest(r.sizes[greatest(0, from_seq - r.seq) + 1 :]) s);
    EXIT WHEN events >= max_events OR bytes >= max_bytes;
  END LOOP;
  RETURN json_build_array(v, pages);
END $$;

-- Renews a lease, takes away what has expired, and answers runs of dead nodes, and whether there is more to clean.
CREATE OR REPLACE FUNCTION ${p}beat(me text, a_lease bigint, b bigint[]) RETURNS json LANGUAGE plpgsql AS $$
DECLARE
  at_ms bigint := ${p}now();
  last bigint;
  c ${p}channels;
  cleaned integer := 0;
BEGIN
  SELECT value INTO last FROM ${p}state WHERE what = 'beat' FOR UPDATE;
  -- While Postgres was away or every node was, nobody could renew: that time counts against none of them.
  IF last > 0 AND at_ms - last > a_lease / 2 THEN UPDATE ${p}nodes SET lease = lease + at_ms - last; END IF;
  UPDATE ${p}state SET value = at_ms WHERE what = 'beat';
  INSERT INTO ${p}nodes VALUES (me, at_ms + a_lease) ON CONFLICT (node) DO UPDATE SET lease = excluded.lease;
  FOR c IN SELECT * FROM ${p}channels WHERE expires <= at_ms ORDER BY expires LIMIT 100 FOR UPDATE SKIP LOCKED LOOP
    cleaned := cleaned + 1;
    IF c.status = 'expired' THEN DELETE FROM ${p}channels WHERE id = c.id;
    ELSE PERFORM ${p}bury(c, me, b);
    END IF;
  END LOOP;
  DELETE FROM ${p}names n WHERE n.name IN (SELECT o.name FROM ${p}names o WHERE o.at < at_ms - 604800000 LIMIT 100);
  DELETE FROM ${p}nodes n WHERE n.lease < at_ms - 3600000;
  RETURN json_build_array(
    (SELECT coalesce(json_agg(json_build_array(o.owner, o.id)), '[]') FROM (SELECT l.owner, l.id FROM ${p}channels l
      LEFT JOIN ${p}nodes n ON n.node = l.owner
      WHERE l.status = 'active' AND l.owner IS NOT NULL AND l.owner <> me AND coalesce(n.lease, 0) <= at_ms LIMIT 100) o),
    cleaned >= 100);
END $$;
`
