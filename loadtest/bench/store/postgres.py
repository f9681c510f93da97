"""The job of `book`, as a PostgreSQL function: what the ledger is measured against.

The better of the variants that were compared: an advisory lock a slot, so that two bookings at once
see each other; SKIP LOCKED over the waiting; an exclusion constraint against overlaps; answers by
request id, timers and the outbox in the same transaction. Commits are not waited for, as an
append-only file that is synced each second is not.
"""

from __future__ import annotations

import asyncio

import asyncpg

from loadtest.bench.store.crowd import Crowd
from scheduler.bookings import Wish

VIEW = 50

SCHEMA = """
CREATE EXTENSION IF NOT EXISTS btree_gist;
CREATE TABLE member (
  id text PRIMARY KEY, gender text NOT NULL, only_gender text, accepts_quiet bool NOT NULL,
  kept int NOT NULL DEFAULT 0, reliability int NOT NULL DEFAULT 880
);
CREATE TABLE avoid (a text, b text, PRIMARY KEY (a, b));
CREATE TABLE favourite (a text, b text, PRIMARY KEY (a, b));
CREATE TABLE met (a text, b text, at_ms bigint, PRIMARY KEY (a, b));
CREATE TABLE booking (
  id bigserial PRIMARY KEY, member text NOT NULL, start_ms bigint NOT NULL, length_min int NOT NULL,
  state text NOT NULL, partner bigint, title text, quiet bool, task text, version int DEFAULT 1,
  created_ms bigint NOT NULL,
  EXCLUDE USING gist (member WITH =, int8range(start_ms, start_ms + length_min * 60000) WITH &&)
    WHERE (state IN ('waiting', 'matched'))
);
CREATE INDEX waiting ON booking (start_ms, length_min, created_ms) WHERE state = 'waiting';
CREATE TABLE timer (kind text, booking bigint, due_ms bigint);
CREATE INDEX due ON timer (due_ms);
CREATE TABLE outbox (id bigserial PRIMARY KEY, event jsonb);
CREATE TABLE request (id text PRIMARY KEY, answer bigint);

CREATE FUNCTION book(
  request_id text, who text, start_at bigint, minutes int, wants_quiet bool, kind text, private text,
  now_ms bigint
) RETURNS bigint LANGUAGE plpgsql AS $$
DECLARE me member; own bigint; other record;
BEGIN
  SELECT answer INTO own FROM request WHERE id = request_id;
  IF FOUND THEN RETURN own; END IF;
  PERFORM pg_advisory_xact_lock((start_at / 60000)::int, minutes);
  SELECT * INTO me FROM member WHERE id = who;
  INSERT INTO booking (member, start_ms, length_min, state, title, quiet, task, created_ms)
    VALUES (who, start_at, minutes, 'waiting', private, wants_quiet, kind, now_ms) RETURNING id INTO own;
  SELECT b.id, b.member INTO other FROM (
      SELECT w.* FROM booking w
       WHERE w.state = 'waiting' AND w.start_ms = start_at AND w.length_min = minutes AND w.id <> own
       ORDER BY w.created_ms LIMIT {view} FOR UPDATE SKIP LOCKED
    ) b JOIN member m ON m.id = b.member
    LEFT JOIN met ON met.a = who AND met.b = b.member
   WHERE (me.only_gender IS NULL OR me.only_gender = m.gender)
     AND (m.only_gender IS NULL OR m.only_gender = me.gender)
     AND (NOT wants_quiet OR b.quiet OR m.accepts_quiet)
     AND (NOT b.quiet OR wants_quiet OR me.accepts_quiet)
     AND (b.task = kind OR b.task = 'anything' OR kind = 'anything')
     AND NOT EXISTS (SELECT 1 FROM avoid WHERE a = who AND b.member = avoid.b)
   ORDER BY m.reliability * me.reliability / 5000
      + CASE WHEN met.at_ms > now_ms - 1209600000 THEN -200 ELSE 0 END
      + CASE WHEN EXISTS (SELECT 1 FROM favourite f WHERE f.a = who AND f.b = b.member) THEN 150 ELSE 0 END
      + CASE WHEN me.kept = 0 AND m.kept = 0 THEN -100 ELSE 0 END
      + CASE WHEN b.quiet AND wants_quiet THEN 30 ELSE 0 END
      + CASE WHEN b.task = kind AND kind <> 'anything' THEN 20 ELSE 0 END DESC, b.created_ms, b.id
   LIMIT 1;
  INSERT INTO timer VALUES ('end', own, start_at + minutes * 60000);
  IF FOUND AND other.id IS NOT NULL THEN
    UPDATE booking SET state = 'matched', partner = other.id, version = version + 1 WHERE id = own;
    UPDATE booking SET state = 'matched', partner = own, version = version + 1 WHERE id = other.id;
    INSERT INTO timer VALUES
      ('late', own, start_at + 120000), ('noshow', own, start_at + 300000),
      ('late', other.id, start_at + 120000), ('noshow', other.id, start_at + 300000);
    INSERT INTO outbox (event) VALUES (jsonb_build_object('event', 'matched', 'a', own, 'b', other.id));
  ELSE
    INSERT INTO outbox (event) VALUES (jsonb_build_object('event', 'booked', 'booking', own));
  END IF;
  INSERT INTO request VALUES (request_id, own);
  RETURN own;
END $$;
"""


class Postgres:
    """A cluster with the crowd's members in it."""

    def __init__(self, pool: asyncpg.Pool, now_ms: int) -> None:
        self._pool = pool
        self._now_ms = now_ms

    @classmethod
    async def open(cls, url: str, crowd: Crowd, connections: int) -> Postgres:
        """Make the tables, and fill in the members."""
        pool = await asyncpg.create_pool(url, min_size=connections, max_size=connections)
        async with pool.acquire() as one:
            await one.execute(SCHEMA.format(view=VIEW))
            rows = [
                (name, p.gender.value, p.only_gender and p.only_gender.value, p.accepts_quiet)
                for name, p in crowd.profiles()
            ]
            columns = ["id", "gender", "only_gender", "accepts_quiet"]
            await one.copy_records_to_table("member", records=rows, columns=columns)
            await one.execute("ANALYZE")
        return cls(pool, crowd.now_ms)

    async def book(self, request: str, member: str, wish: Wish) -> bool:
        """Whether it was booked; an overlap is not."""
        try:
            await self._pool.fetchval(
                "SELECT book($1, $2, $3, $4, $5, $6, $7, $8)",
                request, member, wish.start_ms, wish.length_min, wish.quiet, wish.task.value,
                wish.title, self._now_ms,
            )  # fmt: skip
        except asyncpg.ExclusionViolationError:
            return False
        return True

    async def matched_share(self) -> float:
        """How many of all bookings found somebody."""
        sql = "SELECT 100.0 * count(*) FILTER (WHERE state = 'matched') / count(*) FROM booking"
        return float(await self._pool.fetchval(sql))

    async def tidy(self) -> None:
        """What its own housekeeping would do sooner or later: nobody is measured during it."""
        async with self._pool.acquire() as one:
            await one.execute("VACUUM ANALYZE")

    async def close(self) -> None:
        await asyncio.wait_for(self._pool.close(), 10)
