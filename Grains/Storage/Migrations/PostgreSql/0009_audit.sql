-- Who changed users, tokens, memberships and rights. Nothing here refers to other tables: a record outlives what it is
-- about. An id is never given out twice, also after old rows were deleted.
CREATE TABLE audit
(
    id        BIGINT GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    at        BIGINT NOT NULL,    -- Unix milliseconds, UTC
    actor     TEXT   NOT NULL,    -- a username, '(administrator)' or '(system)'
    action    TEXT   NOT NULL,
    "user"    TEXT   NOT NULL,    -- the user concerned
    chat_id   BIGINT NULL,
    stream_id BIGINT NULL,
    token_id  TEXT   NULL
);

CREATE INDEX audit_by_user ON audit ("user", id);
CREATE INDEX audit_by_actor ON audit (actor, id);
