-- Who changed users, tokens, memberships and rights. Nothing here refers to other tables: a record outlives what it is
-- about. AUTOINCREMENT: an id is never given out twice, also after old rows were deleted.
CREATE TABLE audit
(
    id        INTEGER PRIMARY KEY AUTOINCREMENT,
    at        INTEGER NOT NULL,    -- Unix milliseconds, UTC
    actor     TEXT    NOT NULL,    -- a username, '(administrator)' or '(system)'
    action    TEXT    NOT NULL,
    user      TEXT    NOT NULL,    -- the user concerned
    chat_id   INTEGER NULL,
    stream_id INTEGER NULL,
    token_id  TEXT    NULL
);

-- An index ends in the id, so that these also give pages in its order.
CREATE INDEX audit_by_user ON audit (user);
CREATE INDEX audit_by_actor ON audit (actor);
