-- Times are Unix milliseconds, UTC; durations milliseconds, leases and reported times whole seconds.
CREATE TABLE streams
(
    id         INTEGER PRIMARY KEY AUTOINCREMENT,
    name       TEXT    NOT NULL,
    owner      TEXT    NOT NULL,
    created_at INTEGER NOT NULL
);

CREATE INDEX streams_by_owner ON streams (owner, id);

CREATE TABLE stream_rights
(
    granted     INTEGER PRIMARY KEY,    -- rises: the order in which users got their first right
    stream_id   INTEGER NOT NULL REFERENCES streams (id) ON DELETE CASCADE,
    user        TEXT    NOT NULL,
    can_view    INTEGER NOT NULL,
    can_publish INTEGER NOT NULL,
    UNIQUE (stream_id, user)
);

CREATE UNIQUE INDEX stream_rights_by_user ON stream_rights (user, stream_id);

CREATE TABLE executions
(
    stream_id       INTEGER NOT NULL REFERENCES streams (id) ON DELETE CASCADE,
    number          INTEGER NOT NULL,
    status          INTEGER NOT NULL,
    started_at      INTEGER NULL,
    ended_at        INTEGER NULL,
    reported_at     INTEGER NULL,
    lease_seconds   INTEGER NULL,
    ran_for         INTEGER NOT NULL DEFAULT 0,
    running_since   INTEGER NULL,
    has_stats       INTEGER NOT NULL DEFAULT 0,
    processed_count INTEGER NOT NULL DEFAULT 0,
    failed_count    INTEGER NOT NULL DEFAULT 0,
    reported_total  INTEGER NOT NULL DEFAULT 0,
    reported_time   INTEGER NULL,
    PRIMARY KEY (stream_id, number)
) WITHOUT ROWID;

-- Statuses and errors. The primary key fences a second activation of a stream: whoever comes later with a place loses.
CREATE TABLE stream_events
(
    stream_id     INTEGER NOT NULL REFERENCES streams (id) ON DELETE CASCADE,
    seq           INTEGER NOT NULL,
    execution     INTEGER NOT NULL,
    timestamp     INTEGER NOT NULL,
    new_status    INTEGER NULL,    -- null for an error
    error_message TEXT    NULL,
    error_code    TEXT    NULL,
    PRIMARY KEY (stream_id, seq)
) WITHOUT ROWID;

CREATE INDEX stream_errors ON stream_events (stream_id, execution, seq) WHERE error_code IS NOT NULL;

INSERT INTO sqlite_sequence (name, seq) VALUES ('streams', 999);
