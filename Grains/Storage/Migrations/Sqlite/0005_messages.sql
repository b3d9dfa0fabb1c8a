-- UNIQUE (chat_id, seq) fences a second activation of a chat: whoever comes later with a place loses.
-- UNIQUE (chat_id, sender, client_id) makes a repeated send harmless for ever.
CREATE TABLE messages
(
    id        INTEGER PRIMARY KEY AUTOINCREMENT,
    chat_id   INTEGER NOT NULL REFERENCES chats (id) ON DELETE CASCADE,
    seq       INTEGER NOT NULL,
    sender    TEXT    NOT NULL,
    content   TEXT    NOT NULL,
    timestamp INTEGER NOT NULL,    -- Unix milliseconds, UTC
    client_id TEXT    NULL,
    UNIQUE (chat_id, seq)
);

CREATE UNIQUE INDEX messages_by_client_id ON messages (chat_id, sender, client_id) WHERE client_id IS NOT NULL;

INSERT INTO sqlite_sequence (name, seq) VALUES ('messages', 999);
