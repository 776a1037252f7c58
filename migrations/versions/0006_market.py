"""What is sold, who bought what at which store, and what passes between the stores and us.

- ``purchases`` stay when an account is erased, like the ledger: what was paid, under an id that
  leads to nobody. The role may not delete them. ``facts``, ``lots`` and ``standing`` are documents
  of the domain; ``status`` and ``changes_at`` repeat what ``standing`` says, for the indexes.
- ``store_names`` finds a purchase by what its store calls it. Beside ``identities`` it is the one
  table whose key does not begin with ``user_id``: a store's message does not know the person. What
  a store has named once stays named.
- ``store_messages`` belong to nobody until they are applied; those of a person go with the account.
- ``identities.store_token`` is what Apple and Google are told instead of our id, and
  ``store_customers`` what they call the person: both go with the identity.
- ``users.market_tier`` is the tier that a subscription opened last, NULL when none did: so that a
  tier which an administrator chose can be told from one that should be over.

The previous version goes on working meanwhile: what it does not know has a default.
"""

from alembic import op

from migrations.online import run_online

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None

ONLINE = (
    # A default that differs by row, given at once, would write the whole table anew under a lock.
    """ALTER TABLE identities ADD COLUMN IF NOT EXISTS store_token uuid""",
    """ALTER TABLE identities ALTER COLUMN store_token SET DEFAULT gen_random_uuid()""",
    """UPDATE identities SET store_token = gen_random_uuid() WHERE store_token IS NULL""",
    """ALTER TABLE identities DROP CONSTRAINT IF EXISTS identities_have_store_tokens""",
    """ALTER TABLE identities ADD CONSTRAINT identities_have_store_tokens
    CHECK (store_token IS NOT NULL) NOT VALID""",
    """ALTER TABLE identities VALIDATE CONSTRAINT identities_have_store_tokens""",
    # Known already, so it does not read the table.
    """ALTER TABLE identities ALTER COLUMN store_token SET NOT NULL""",
    """ALTER TABLE identities DROP CONSTRAINT identities_have_store_tokens""",
    """CREATE UNIQUE INDEX CONCURRENTLY IF NOT EXISTS identities_store_token_key
    ON identities (store_token)""",
    # What a purchase's own lots came to is summed up whenever its store reports something.
    """CREATE INDEX CONCURRENTLY IF NOT EXISTS ledger_lots
    ON ledger (user_id, lot_id) WHERE bucket <> 'daily'""",
)

PEOPLE = """
ALTER TABLE identities
    ADD CONSTRAINT identities_store_token_key UNIQUE USING INDEX identities_store_token_key;
ALTER TABLE users
    ADD COLUMN market_tier text CHECK (market_tier IN ('plus', 'premium'));

CREATE TABLE store_customers (
    user_id  text COLLATE "C" NOT NULL
        REFERENCES identities (user_id) ON DELETE CASCADE,
    provider text COLLATE "C" NOT NULL,
    customer text COLLATE "C" NOT NULL,
    PRIMARY KEY (user_id, provider)
);

GRANT SELECT, INSERT, UPDATE ON store_customers TO companion_app;
"""

PURCHASES = """
CREATE TABLE purchases (
    user_id         text COLLATE "C" NOT NULL REFERENCES users (id),
    id              text COLLATE "C" NOT NULL,
    provider        text COLLATE "C" NOT NULL,
    product_id      text COLLATE "C" NOT NULL,
    is_subscription boolean NOT NULL,
    quantity        integer NOT NULL CHECK (quantity > 0),
    reference       text COLLATE "C",
    replaced_by     text COLLATE "C",
    version         bigint NOT NULL DEFAULT 1,
    created_at      timestamptz NOT NULL,
    status          text COLLATE "C" NOT NULL,
    changes_at      timestamptz,
    facts           json NOT NULL DEFAULT '[]',
    lots            json NOT NULL DEFAULT '[]',
    standing        json NOT NULL,
    PRIMARY KEY (user_id, id)
) WITH (fillfactor = 70);
-- Over all people, for those who look after purchases that change without anybody's doing.
CREATE INDEX purchases_due ON purchases (changes_at, user_id, id)
    WHERE is_subscription AND changes_at IS NOT NULL;
CREATE INDEX purchases_live ON purchases (provider, user_id, id)
    WHERE status IN ('pending', 'disputed')
        OR is_subscription AND status IN ('active', 'in_grace', 'on_hold', 'paused');

CREATE TABLE store_names (
    provider    text COLLATE "C" NOT NULL,
    name        text COLLATE "C" NOT NULL,
    user_id     text COLLATE "C" NOT NULL,
    purchase_id text COLLATE "C" NOT NULL,
    PRIMARY KEY (provider, name),
    FOREIGN KEY (user_id, purchase_id) REFERENCES purchases (user_id, id)
);

CREATE TABLE product_catalogues (
    version  integer PRIMARY KEY,
    contents json NOT NULL
);

GRANT SELECT, INSERT, UPDATE ON purchases TO companion_app;
GRANT SELECT, INSERT ON store_names, product_catalogues TO companion_app;
"""

MESSAGES = """
CREATE TABLE store_messages (
    provider    text COLLATE "C" NOT NULL,
    id          text COLLATE "C" NOT NULL,
    name        text NOT NULL,
    at          timestamptz NOT NULL,  -- by the store's clock
    body        bytea NOT NULL,
    received_at timestamptz NOT NULL,
    due_at      timestamptz NOT NULL,
    state       text NOT NULL DEFAULT 'waiting' CHECK (state IN ('waiting', 'done', 'parked')),
    attempts    integer NOT NULL DEFAULT 0,
    reason      text,
    user_id     text COLLATE "C",
    is_assigned boolean NOT NULL DEFAULT false,
    finished_at timestamptz,
    PRIMARY KEY (provider, id)
) WITH (autovacuum_vacuum_scale_factor = 0.05);
CREATE INDEX store_messages_due ON store_messages (due_at) WHERE state = 'waiting';
CREATE INDEX store_messages_done ON store_messages (finished_at) WHERE state = 'done';
CREATE INDEX store_messages_parked ON store_messages (received_at, provider, id)
    WHERE state = 'parked';
CREATE INDEX store_messages_latest ON store_messages (received_at, provider, id);
CREATE INDEX store_messages_user ON store_messages (user_id) WHERE user_id IS NOT NULL;

CREATE TABLE errands (
    user_id       text COLLATE "C" NOT NULL REFERENCES users (id),
    provider      text COLLATE "C" NOT NULL,
    kind          text COLLATE "C" NOT NULL,
    reference     text COLLATE "C" NOT NULL,
    payment       text COLLATE "C" NOT NULL,
    store_product text NOT NULL,
    created_at    timestamptz NOT NULL,
    due_at        timestamptz NOT NULL,
    attempts      integer NOT NULL DEFAULT 0,
    reason        text,
    is_parked     boolean NOT NULL DEFAULT false,
    PRIMARY KEY (user_id, provider, kind, reference, payment)
) WITH (autovacuum_vacuum_scale_factor = 0.05);
CREATE INDEX errands_due ON errands (due_at) WHERE NOT is_parked;
CREATE INDEX errands_parked ON errands (created_at) WHERE is_parked;

GRANT SELECT, INSERT, UPDATE, DELETE ON store_messages, errands TO companion_app;
"""

DOWN = """
DROP TABLE errands, store_messages, product_catalogues, store_names, purchases, store_customers;
DROP INDEX ledger_lots;
ALTER TABLE users DROP COLUMN market_tier;
ALTER TABLE identities DROP COLUMN store_token;
"""


def upgrade() -> None:
    run_online(ONLINE)
    connection = op.get_bind()
    for part in (PEOPLE, PURCHASES, MESSAGES):
        connection.exec_driver_sql(part)


def downgrade() -> None:
    op.get_bind().exec_driver_sql(DOWN)
