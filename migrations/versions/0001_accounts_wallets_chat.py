"""Accounts, wallets and their ledger, conversations, memories, characters, prices, job runs.

How the tables are laid out:

- The key of every table that belongs to a person begins with ``user_id``, and so does each of its
  unique indexes, so that these tables can be split by it. The one exception is ``identities``,
  which finds a person by the provider's subject, and stays in one piece.
- ``identities`` is also what all that a person said or told hangs on: its row goes when the
  account is erased, and the foreign keys take everything else along, whatever is being written
  at that moment. ``users``, ``wallets`` and ``ledger`` stay.
- Ids are compared byte by byte (``COLLATE "C"``): cheaper, and the order that Python has.
- Documents that are only kept and given back are ``json``: stored as they came, not taken apart.
- The ledger has no foreign key: its rows are only ever inserted out of the wallet's own update.

A later step must leave the previous version of the product working: add, then stop using, then
remove, in three releases.
"""

from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None

ROLE = """
DO $$
BEGIN
    -- Roles belong to the whole cluster: another database may have made it, or be making it now.
    IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = 'companion_app') THEN
        BEGIN
            CREATE ROLE companion_app NOLOGIN;
        EXCEPTION WHEN duplicate_object OR unique_violation THEN
            NULL;
        END;
    END IF;
    IF NOT pg_has_role(current_user, 'companion_app', 'MEMBER') THEN
        GRANT companion_app TO CURRENT_USER;
    END IF;
    EXECUTE 'GRANT USAGE ON SCHEMA ' || quote_ident(current_schema()) || ' TO companion_app';
END
$$;
"""

PEOPLE = """
CREATE TABLE users (
    id               text COLLATE "C" PRIMARY KEY,
    tier             text NOT NULL CHECK (tier IN ('free', 'plus', 'premium')),
    created_at       timestamptz NOT NULL,
    display_name     text,
    country          text,
    age_band         text NOT NULL
        CHECK (age_band IN ('unknown', 'under_13', '13_15', '16_17', 'adult')),
    age_band_source  text,
    age_band_at      timestamptz,
    suspended_at     timestamptz,
    suspended_reason text,
    erased_at        timestamptz
);

CREATE TABLE identities (
    subject text COLLATE "C" PRIMARY KEY,
    user_id text COLLATE "C" NOT NULL UNIQUE REFERENCES users (id)
);

CREATE TABLE idempotency_keys (
    user_id     text COLLATE "C" NOT NULL,
    key         text COLLATE "C" NOT NULL,
    fingerprint text NOT NULL,
    used_at     timestamptz NOT NULL,
    claimed_at  timestamptz NOT NULL,
    turn_id     text COLLATE "C",
    status      integer,
    body        bytea,
    PRIMARY KEY (user_id, key)
);
-- Keys come in the order of time, so a few bytes for each stretch of pages find the old ones.
CREATE INDEX idempotency_keys_used_at ON idempotency_keys USING brin (used_at);

GRANT SELECT, INSERT, UPDATE ON users TO companion_app;
GRANT SELECT, INSERT, UPDATE, DELETE ON identities, idempotency_keys TO companion_app;
"""

MONEY = """
-- Two updates a turn. No changing column is indexed but sweep_at, and half of each page is left
-- free, so that an update stays in its page and touches no index (HOT).
--
-- sweep_at is no later than the end of the earliest hold, and is moved forward only by the
-- sweeper: the exact time, indexed, would change with both updates of every turn.
CREATE TABLE wallets (
    user_id     text COLLATE "C" PRIMARY KEY REFERENCES users (id),
    version     bigint NOT NULL DEFAULT 0,
    balance     bigint NOT NULL DEFAULT 0,
    held        bigint NOT NULL DEFAULT 0,
    debt        bigint NOT NULL DEFAULT 0,
    daily_on    date,
    entry_count bigint NOT NULL DEFAULT 0,
    lots        json   NOT NULL DEFAULT '[]',
    holds       json   NOT NULL DEFAULT '[]',
    sweep_at    timestamptz,
    CONSTRAINT wallets_never_overdrawn CHECK (held BETWEEN 0 AND balance),
    CONSTRAINT wallets_debt_not_negative CHECK (debt >= 0)
) WITH (
    fillfactor = 50,
    autovacuum_vacuum_scale_factor = 0.05,
    autovacuum_vacuum_cost_delay = 0
);
CREATE INDEX wallets_sweep_at ON wallets (sweep_at) WHERE sweep_at IS NOT NULL;

CREATE TABLE ledger (
    user_id       text COLLATE "C" NOT NULL,
    seq           bigint NOT NULL CHECK (seq > 0),
    kind          text NOT NULL,
    bucket        text NOT NULL CHECK (bucket IN ('daily', 'promo', 'subscription', 'purchased')),
    lot_id        text COLLATE "C" NOT NULL,
    amount        bigint NOT NULL,
    debt          bigint NOT NULL,
    balance_after bigint NOT NULL CHECK (balance_after >= 0),
    reference     text COLLATE "C" NOT NULL,
    description   text NOT NULL,
    created_at    timestamptz NOT NULL,
    PRIMARY KEY (user_id, seq),
    CONSTRAINT ledger_once UNIQUE (user_id, reference, kind, lot_id)
);

-- The role has no right to do any of this. The trigger is there for everybody else, owners and
-- superusers included: what was written stays.
CREATE FUNCTION ledger_is_append_only() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'the ledger is append-only' USING ERRCODE = 'insufficient_privilege';
END
$$;
CREATE TRIGGER ledger_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON ledger
    FOR EACH STATEMENT EXECUTE FUNCTION ledger_is_append_only();

GRANT SELECT, INSERT, UPDATE ON wallets TO companion_app;
GRANT SELECT, INSERT ON ledger TO companion_app;
"""

CHAT = """
CREATE TABLE sessions (
    user_id           text COLLATE "C" NOT NULL
        REFERENCES identities (user_id) ON DELETE CASCADE,
    id                text COLLATE "C" NOT NULL,
    character_id      text COLLATE "C" NOT NULL,
    character_version integer NOT NULL,
    title             text NOT NULL,
    created_at        timestamptz NOT NULL,
    updated_at        timestamptz NOT NULL,
    PRIMARY KEY (user_id, id)
) WITH (fillfactor = 80);

CREATE TABLE turns (
    user_id         text COLLATE "C" NOT NULL,
    id              text COLLATE "C" NOT NULL,
    session_id      text COLLATE "C" NOT NULL,
    character_id    text COLLATE "C" NOT NULL,
    user_message_id text COLLATE "C" NOT NULL,
    message_id      text COLLATE "C" NOT NULL,
    status          text NOT NULL CHECK (status IN ('running', 'completed', 'stopped', 'failed')),
    created_at      timestamptz NOT NULL,
    closed_at       timestamptz,  -- a turn that has lapsed has failed, but was not closed
    held            bigint NOT NULL CHECK (held >= 0),
    price_version   integer NOT NULL,
    stream          boolean NOT NULL,
    include_usage   boolean NOT NULL,
    memory_ids      json NOT NULL,
    finish_reason   text,
    error_code      text,
    receipt         json,
    PRIMARY KEY (user_id, id),
    FOREIGN KEY (user_id, session_id) REFERENCES sessions (user_id, id) ON DELETE CASCADE
) WITH (fillfactor = 70);

-- The primary key is the order in which a conversation is read, backwards from its end.
CREATE TABLE messages (
    user_id    text COLLATE "C" NOT NULL,
    session_id text COLLATE "C" NOT NULL,
    position   bigint NOT NULL,
    id         text COLLATE "C" NOT NULL,
    role       text NOT NULL CHECK (role IN ('user', 'assistant')),
    content    text NOT NULL,
    status     text NOT NULL CHECK (status IN ('complete', 'stopped', 'incomplete')),
    is_active  boolean NOT NULL DEFAULT true,
    created_at timestamptz NOT NULL,
    turn_id    text COLLATE "C",
    receipt    json,
    PRIMARY KEY (user_id, session_id, position, id),
    UNIQUE (user_id, id),
    FOREIGN KEY (user_id, session_id) REFERENCES sessions (user_id, id) ON DELETE CASCADE
);

CREATE TABLE reports (
    user_id    text COLLATE "C" NOT NULL,
    message_id text COLLATE "C" NOT NULL,
    id         text COLLATE "C" NOT NULL,
    reason     text NOT NULL,
    created_at timestamptz NOT NULL,
    PRIMARY KEY (user_id, message_id),
    FOREIGN KEY (user_id, message_id) REFERENCES messages (user_id, id) ON DELETE CASCADE
);

GRANT SELECT, INSERT, UPDATE, DELETE ON sessions, turns, messages, reports TO companion_app;
"""

MEMORY = """
CREATE EXTENSION IF NOT EXISTS vector;

CREATE TABLE memories (
    user_id            text COLLATE "C" NOT NULL,
    id                 text COLLATE "C" NOT NULL,
    character_id       text COLLATE "C" NOT NULL,
    text               text NOT NULL,
    source_message_ids json NOT NULL,
    created_at         timestamptz NOT NULL,
    kind               text NOT NULL,
    importance         integer NOT NULL,
    session_id         text COLLATE "C",
    embedding_model    text COLLATE "C",
    embedding          halfvec(256),
    PRIMARY KEY (user_id, id),
    -- In this order: whoever erases an account locks its sessions before its identity.
    FOREIGN KEY (user_id, session_id) REFERENCES sessions (user_id, id) ON DELETE CASCADE,
    FOREIGN KEY (user_id) REFERENCES identities (user_id) ON DELETE CASCADE,
    CHECK ((embedding IS NULL) = (embedding_model IS NULL))
) WITH (
    -- An index-only scan needs pages that are known to be visible to all: vacuum early.
    autovacuum_vacuum_insert_threshold = 1000,
    autovacuum_vacuum_insert_scale_factor = 0.02
);
-- For those whose vector is missing, or was made by another model.
CREATE INDEX memories_embedding_model ON memories (embedding_model, id);
-- Covers the search: a person's memories of one character lie side by side, vectors included.
CREATE INDEX memories_search ON memories (user_id, character_id)
    INCLUDE (id, session_id, embedding_model, embedding);
-- A person talks to few characters. Taken as independent, the two columns look so selective
-- that the planner sees no use in an index-only scan.
CREATE STATISTICS memories_user_character (dependencies, ndistinct)
    ON user_id, character_id FROM memories;

GRANT SELECT, INSERT, UPDATE, DELETE ON memories TO companion_app;
"""

CATALOGUE = """
-- What was published is never changed: a session keeps the version that it began with.
CREATE TABLE character_versions (
    character_id text COLLATE "C" NOT NULL,
    version      integer NOT NULL CHECK (version > 0),
    name         text NOT NULL,
    tagline      text NOT NULL,
    description  text NOT NULL,
    greeting     text NOT NULL,
    persona      text NOT NULL,
    tags         json NOT NULL,
    min_tier     text NOT NULL CHECK (min_tier IN ('free', 'plus', 'premium')),
    card         json NOT NULL,
    avatar_url   text,
    PRIMARY KEY (character_id, version)
);

CREATE TABLE characters (
    id      text COLLATE "C" PRIMARY KEY,
    version integer NOT NULL,
    FOREIGN KEY (id, version) REFERENCES character_versions (character_id, version)
);

CREATE TABLE price_tables (
    version  integer PRIMARY KEY,
    contents json NOT NULL
);

GRANT SELECT, INSERT ON character_versions, price_tables TO companion_app;
GRANT SELECT, INSERT, UPDATE ON characters TO companion_app;
"""

OPERATIONS = """
CREATE TABLE job_runs (
    id          text COLLATE "C" PRIMARY KEY,
    job         text COLLATE "C" NOT NULL,
    slot        timestamptz NOT NULL,
    started_at  timestamptz NOT NULL,
    finished_at timestamptz,
    outcome     text,
    error       text,
    has_lease   boolean NOT NULL DEFAULT true,
    UNIQUE (job, slot)
);
-- Runs of one job never overlap: one has the lease.
CREATE UNIQUE INDEX job_runs_lease ON job_runs (job) WHERE has_lease;
CREATE INDEX job_runs_latest ON job_runs (started_at, id);

GRANT SELECT, INSERT, UPDATE ON job_runs TO companion_app;
"""

# The extension stays: others may use it. So does the role: it belongs to the whole cluster.
DOWN = """
DROP TABLE job_runs, price_tables, characters, character_versions, memories, reports, messages,
    turns, sessions, ledger, wallets, idempotency_keys, identities, users;
DROP FUNCTION ledger_is_append_only();
"""


def upgrade() -> None:
    connection = op.get_bind()
    for part in (ROLE, PEOPLE, MONEY, CHAT, MEMORY, CATALOGUE, OPERATIONS):
        connection.exec_driver_sql(part)


def downgrade() -> None:
    op.get_bind().exec_driver_sql(DOWN)
