"""What keeps a job alive and lets it go on, and what is counted by day.

Jobs: a run has a heartbeat, and one whose process died is void, so that its tick may be run again.
``job_notes`` holds what a job must know at its next run: how far it came, or what it found.

Analytics count by the day what happened, without people:

- ``turn_facts`` says how each turn ended, which model wrote and what it read, and stays when
  conversations and accounts are deleted. It names a turn, as the ledger does, and nobody.
- A wallet with new ledger entries, and a purchase with new facts, mark themselves as due by a
  trigger, so that a job finds what is new without looking through the rest. ``news`` and
  ``version`` tell whether more came while it was counted.
- ``day_counts`` is the result: sums that are only ever added to.
- ``analytics_state`` is one row. Whoever counts moves its revision along with the sums, so nothing
  is counted twice even if two processes believe that it is their turn.

All columns have a default or may be NULL: the version before this one goes on writing its rows, and
what it writes is counted too, apart from the turns that it ends.
"""

from alembic import op

from migrations.online import run_online

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None

ONLINE = (
    """ALTER TABLE job_runs
    ADD COLUMN IF NOT EXISTS heartbeat_at timestamptz,
    ADD COLUMN IF NOT EXISTS is_void boolean NOT NULL DEFAULT false""",
    """CREATE UNIQUE INDEX CONCURRENTLY IF NOT EXISTS job_runs_tick
    ON job_runs (job, slot) WHERE NOT is_void""",
    """CREATE INDEX CONCURRENTLY IF NOT EXISTS job_runs_of_job ON job_runs (job, started_at, id)""",
    # Indexed is only whether there is something new: so it is the first new entry after a count
    # that touches an index, not each of them.
    """ALTER TABLE wallets
    ADD COLUMN IF NOT EXISTS is_due boolean NOT NULL DEFAULT true,
    ADD COLUMN IF NOT EXISTS news bigint NOT NULL DEFAULT 0,
    ADD COLUMN IF NOT EXISTS counted_entries bigint,  -- NULL: not even the account is counted
    ADD COLUMN IF NOT EXISTS active_on date""",
    """CREATE INDEX CONCURRENTLY IF NOT EXISTS wallets_due ON wallets (user_id) WHERE is_due""",
    """ALTER TABLE purchases
    ADD COLUMN IF NOT EXISTS is_due boolean NOT NULL DEFAULT true,
    ADD COLUMN IF NOT EXISTS counted json NOT NULL DEFAULT '[]'""",
    """CREATE INDEX CONCURRENTLY IF NOT EXISTS purchases_uncounted
    ON purchases (user_id) WHERE is_due""",
)

JOBS = """
-- The index job_runs_tick has its place: a tick may be run again when its run is void.
ALTER TABLE job_runs DROP CONSTRAINT job_runs_job_slot_key;

CREATE TABLE job_notes (
    job  text COLLATE "C" PRIMARY KEY,
    note text NOT NULL
);

GRANT DELETE ON job_runs TO companion_app;
GRANT SELECT, INSERT, UPDATE, DELETE ON job_notes TO companion_app;
"""

ANALYTICS = """
CREATE TABLE turn_facts (
    turn_id      text COLLATE "C" NOT NULL,
    outcome      text COLLATE "C" NOT NULL,
    turns        smallint NOT NULL,  -- 1; -1 takes back what was said of it before
    day          date NOT NULL,
    character_id text COLLATE "C" NOT NULL,
    model        text COLLATE "C" NOT NULL,
    prompt       bigint NOT NULL,
    cached       bigint NOT NULL,
    completion   bigint NOT NULL,
    round        integer NOT NULL DEFAULT 0,
    PRIMARY KEY (turn_id, outcome, turns)
) WITH (fillfactor = 90, autovacuum_vacuum_scale_factor = 0.05);
CREATE INDEX turn_facts_round ON turn_facts (round);

CREATE TABLE day_counts (
    day     date NOT NULL,
    measure text COLLATE "C" NOT NULL,
    first   text COLLATE "C" NOT NULL,
    second  text COLLATE "C" NOT NULL,
    third   text COLLATE "C" NOT NULL,
    value   bigint NOT NULL,
    PRIMARY KEY (day, measure, first, second, third)
) WITH (fillfactor = 70);

CREATE TABLE analytics_state (
    is_only      boolean PRIMARY KEY DEFAULT true CHECK (is_only),
    revision     bigint NOT NULL DEFAULT 0,
    round        integer NOT NULL DEFAULT 1,
    is_again     boolean NOT NULL DEFAULT false,
    marked_until text COLLATE "C"  -- while all is counted anew: how far wallets are marked as due
);
INSERT INTO analytics_state DEFAULT VALUES;

CREATE FUNCTION wallet_has_news() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    NEW.is_due := true;
    NEW.news := OLD.news + 1;
    RETURN NEW;
END
$$;
CREATE TRIGGER wallet_has_news BEFORE UPDATE OF entry_count ON wallets
    FOR EACH ROW WHEN (NEW.entry_count <> OLD.entry_count)
    EXECUTE FUNCTION wallet_has_news();

CREATE FUNCTION purchase_has_news() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    NEW.is_due := true;
    RETURN NEW;
END
$$;
CREATE TRIGGER purchase_has_news BEFORE UPDATE OF version ON purchases
    FOR EACH ROW EXECUTE FUNCTION purchase_has_news();

GRANT SELECT, INSERT, UPDATE ON turn_facts TO companion_app;
GRANT SELECT, INSERT, UPDATE, DELETE ON day_counts TO companion_app;
GRANT SELECT, UPDATE ON analytics_state TO companion_app;
"""

# What is known of turns that ended before: the models were not written down.
BACKFILL = """
INSERT INTO turn_facts (turn_id, outcome, turns, day, character_id, model, prompt, cached,
    completion)
SELECT id, status, 1, (coalesce(closed_at, created_at) AT TIME ZONE 'UTC')::date, character_id, '',
    coalesce((receipt -> 'usage' ->> 'prompt')::bigint, 0),
    coalesce((receipt -> 'usage' ->> 'cached')::bigint, 0),
    coalesce((receipt -> 'usage' ->> 'completion')::bigint, 0)
FROM turns WHERE status <> 'running'
"""

DOWN = """
DROP TRIGGER purchase_has_news ON purchases;
DROP TRIGGER wallet_has_news ON wallets;
DROP FUNCTION purchase_has_news, wallet_has_news;
DROP INDEX purchases_uncounted, wallets_due;
ALTER TABLE purchases DROP COLUMN counted, DROP COLUMN is_due;
ALTER TABLE wallets DROP COLUMN active_on, DROP COLUMN counted_entries, DROP COLUMN news,
    DROP COLUMN is_due;
DROP TABLE analytics_state, day_counts, turn_facts, job_notes;
REVOKE DELETE ON job_runs FROM companion_app;
DELETE FROM job_runs WHERE is_void;
ALTER TABLE job_runs ADD CONSTRAINT job_runs_job_slot_key UNIQUE (job, slot);
DROP INDEX job_runs_of_job, job_runs_tick;
ALTER TABLE job_runs DROP COLUMN is_void, DROP COLUMN heartbeat_at;
"""


def upgrade() -> None:
    run_online(ONLINE)
    connection = op.get_bind()
    for part in (JOBS, ANALYTICS, BACKFILL):
        connection.exec_driver_sql(part)


def downgrade() -> None:
    op.get_bind().exec_driver_sql(DOWN)
