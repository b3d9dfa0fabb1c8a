-- Reminders of Orleans, which ships no table for SQLite. The hash says which silo is responsible.
CREATE TABLE reminders
(
    grain_id   TEXT    NOT NULL,
    name       TEXT    NOT NULL,
    grain_hash INTEGER NOT NULL,
    start_at   INTEGER NOT NULL,    -- ticks, UTC
    period     INTEGER NOT NULL,    -- ticks
    version    INTEGER NOT NULL,
    PRIMARY KEY (grain_id, name)
) WITHOUT ROWID;

CREATE INDEX reminders_by_hash ON reminders (grain_hash);
