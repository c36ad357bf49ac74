/** Notifications are spread over so many channels of Postgres: a node listens to those of which it follows something. */
export const TOPICS = 64

/** A notification holds 8,000 bytes; what is longer is read. */
const MAX_NOTICE = 7_500
/** A run that is taken over so often without an event ends as lost: it may be what kills the processes. */
const MAX_TRIES = 5

/**
 * What is done to one channel. `b` are the bounds: events, bytes and age kept, and how long a tombstone is, the last two
 * in milliseconds.
 *
 * Who follows a channel is told as by Redis: `e <epoch> : <number> <outcome or -> <events>`, `g <epoch>` (gone), and `b`
 * where what came is too long to tell. The node of an owner: `x <outcome> <channel>`, `m <claims> <channel>`.
 * @param t what topics begin with
 */
export const channelFunctionsOf = (p: string, t: string) => `
CREATE OR REPLACE FUNCTION ${p}now() RETURNS bigint LANGUAGE sql AS
$$ SELECT (extract(epoch FROM clock_timestamp()) * 1000)::bigint $$;

CREATE OR REPLACE FUNCTION ${p}tell(id text, message text) RETURNS void LANGUAGE sql AS
$$ SELECT pg_notify('${t}' || (('x' || substr(md5(id), 1, 2))::bit(8)::int % ${TOPICS}),
  id || ' ' || CASE WHEN octet_length(message) > ${MAX_NOTICE} THEN 'b' ELSE message END) $$;

CREATE OR REPLACE FUNCTION ${p}tell_owner(c ${p}channels, me text, message text) RETURNS void LANGUAGE sql AS
$$ SELECT pg_notify('${t}n_' || c.owner, message || ' ' || c.id)
  WHERE c.owner IS NOT NULL AND c.owner <> '-' AND c.owner <> me $$;

CREATE OR REPLACE FUNCTION ${p}readable(c ${p}channels) RETURNS boolean LANGUAGE sql AS
$$ SELECT c.id IS NOT NULL AND c.status <> 'expired' AND (c.expires IS NULL OR c.expires > ${p}now()) $$;

CREATE OR REPLACE FUNCTION ${p}view(c ${p}channels) RETURNS json LANGUAGE sql AS
$$ SELECT CASE WHEN ${p}readable(c)
  THEN json_build_array(c.status, c.kind, c.epoch, ':0', c.format, c.metadata, c.created, c.expires, c.first, c.next, c.total - c.cum)
  ELSE json_build_array('expired', c.kind, c.epoch, ':0', c.format, c.metadata, c.created,
    CASE c.status WHEN 'expired' THEN c.oldest ELSE c.expires END, c.next, c.next, 0) END $$;

-- Moves the first event on to what may be kept.
CREATE OR REPLACE FUNCTION ${p}trim(c ${p}channels, b bigint[]) RETURNS ${p}channels LANGUAGE plpgsql AS $$
DECLARE
  r ${p}events;
  lowest bigint := greatest(c.first, c.next - b[1]);
  old bigint := ${p}now() - b[3];
BEGIN
  IF c.first >= c.next OR (lowest = c.first AND c.total - c.cum <= b[2] AND c.oldest > old) THEN RETURN c; END IF;
  c.first := c.next;
  c.cum := c.total;
  FOR r IN SELECT * FROM ${p}events e WHERE e.epoch = c.epoch ORDER BY e.seq LOOP
    CONTINUE WHEN r.seq + r.count <= lowest OR r.at <= old;
    c.first := r.seq;
    c.cum := r.cum;
    WHILE c.first < r.seq + r.count AND (c.first < lowest OR c.total - c.cum > b[2]) LOOP
      c.cum := c.cum + r.sizes[c.first - r.seq + 1];
      c.first := c.first + 1;
    END LOOP;
    c.oldest := r.at;
    EXIT WHEN c.first < r.seq + r.count;
  END LOOP;
  DELETE FROM ${p}events e WHERE e.epoch = c.epoch AND e.seq + e.count <= c.first;
  UPDATE ${p}channels SET first = c.first, cum = c.cum, oldest = c.oldest WHERE id = c.id;
  RETURN c;
END $$;

-- chunks: [count, bytes, sizes, events, …], as entry.ts packs them.
CREATE OR REPLACE FUNCTION ${p}write(c ${p}channels, me text, chunks json, outcome text, b bigint[])
RETURNS ${p}channels LANGUAGE plpgsql AS $$
DECLARE
  n integer := json_array_length(chunks) / 4;
  at_ms bigint := ${p}now();
  size bigint;
  ended text;
BEGIN
  FOR i IN 0 .. n - 1 LOOP
    ended := CASE WHEN outcome <> '' AND i = n - 1 THEN outcome ELSE '-' END;
    size := (chunks ->> (4 * i))::bigint;
    IF c.first = c.next THEN c.oldest := at_ms; END IF;
    IF size > 0 THEN
      INSERT INTO ${p}events VALUES (c.epoch, c.next, size, at_ms, c.total,
        string_to_array(chunks ->> (4 * i + 2), ',')::int[], chunks ->> (4 * i + 3));
    END IF;
    IF size > 0 OR ended <> '-' THEN
      PERFORM ${p}tell(c.id, 'e ' || c.epoch || ' :0 ' || c.next || ' ' || ended || ' ' || (chunks ->> (4 * i + 3)));
    END IF;
    c.next := c.next + size;
    c.total := c.total + (chunks ->> (4 * i + 1))::bigint;
  END LOOP;
  IF outcome <> '' THEN
    c.status := outcome;
    c.expires := CASE WHEN b[3] < 1e15 THEN at_ms + b[3] END;
    PERFORM ${p}tell_owner(c, me, 'x ' || outcome);
    UPDATE ${p}channels SET status = c.status, expires = c.expires, lost = NULL, closing = NULL, input = NULL WHERE id = c.id;
  ELSIF c.timeout IS NOT NULL THEN
    c.expires := at_ms + c.timeout;
    UPDATE ${p}channels SET expires = c.expires WHERE id = c.id;
  END IF;
  UPDATE ${p}channels SET next = c.next, total = c.total, oldest = c.oldest, marks = c.marks WHERE id = c.id;
  RETURN ${p}trim(c, b);
END $$;

CREATE OR REPLACE FUNCTION ${p}finish_as(c ${p}channels, me text, how text, outcome text, b bigint[])
RETURNS void LANGUAGE sql AS
$$ SELECT ${p}write(c, me, coalesce(CASE how WHEN 'lost' THEN c.lost ELSE c.closing END, '["0","0","","[]"]'::json), outcome, b) $$;

-- Takes everything of an expired channel but that it was.
CREATE OR REPLACE FUNCTION ${p}bury(c ${p}channels, me text, b bigint[]) RETURNS void LANGUAGE plpgsql AS $$
DECLARE forgotten bigint := least(coalesce(c.expires, ${p}now()) + b[4], 1000000000000000);
BEGIN
  PERFORM ${p}tell(c.id, 'g ' || c.epoch);
  IF c.status = 'active' THEN PERFORM ${p}tell_owner(c, me, 'x expired'); END IF;
  DELETE FROM ${p}events e WHERE e.epoch = c.epoch;
  IF forgotten <= ${p}now() THEN DELETE FROM ${p}channels WHERE id = c.id;
  ELSE
    -- Since when it is one, too.
    UPDATE ${p}channels SET status = 'expired', oldest = coalesce(c.expires, ${p}now()), expires = forgotten, owner = NULL, quota = NULL, lost = NULL,
      closing = NULL, input = NULL, marks = '{}' WHERE id = c.id;
  END IF;
END $$;

CREATE OR REPLACE FUNCTION ${p}orphan(c ${p}channels, me text) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
  PERFORM ${p}tell_owner(c, me, 'm ' || c.claims);
  UPDATE ${p}channels SET owner = '-', orphaned = ${p}now() WHERE id = c.id;
END $$;

-- What becomes of a run whose node is dead. @see docs/takeover.md
CREATE OR REPLACE FUNCTION ${p}claim(a_id text, dead text, me text, a_nonce text, names text[], grace bigint, b bigint[])
RETURNS json LANGUAGE plpgsql AS $$
DECLARE
  c ${p}channels;
  spent integer;
BEGIN
  SELECT * INTO c FROM ${p}channels WHERE id = a_id FOR UPDATE;
  IF NOT ${p}readable(c) OR c.status <> 'active' THEN RETURN '["none"]'; END IF;
  IF c.owner = me AND c.claim_nonce = a_nonce THEN
    RETURN json_build_array('claimed', ${p}view(c), c.claims, c.resume, coalesce(c.input, ''));
  END IF;
  IF c.owner IS DISTINCT FROM dead OR EXISTS (SELECT FROM ${p}nodes n WHERE n.node = dead AND n.lease > ${p}now())
    THEN RETURN '["none"]';
  END IF;
  spent := CASE WHEN c.reached = c.next THEN c.tries ELSE 0 END;
  IF c.resume IS NULL OR spent >= ${MAX_TRIES} OR (dead = '-' AND NOT c.resume = ANY (names) AND ${p}now() - c.orphaned > grace) THEN
    PERFORM ${p}finish_as(c, me, 'lost', 'error', b);
    RETURN '["none"]';
  END IF;
  IF NOT c.resume = ANY (names) THEN
    IF dead <> '-' THEN PERFORM ${p}orphan(c, me); END IF;
    RETURN '["none"]';
  END IF;
  PERFORM ${p}tell_owner(c, me, 'm ' || c.claims);
  UPDATE ${p}channels SET owner = me, claims = claims + 1, claim_nonce = a_nonce, tries = spent + 1, reached = next
    WHERE id = a_id RETURNING * INTO c;
  RETURN json_build_array('claimed', ${p}view(c), c.claims, c.resume, coalesce(c.input, ''));
END $$;
`
