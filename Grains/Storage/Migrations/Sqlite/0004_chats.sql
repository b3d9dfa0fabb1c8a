-- Times are Unix milliseconds, UTC. AUTOINCREMENT: an id is never given out twice, not even after a deletion.
CREATE TABLE chats
(
    id           INTEGER PRIMARY KEY AUTOINCREMENT,
    name         TEXT    NOT NULL,
    owner        TEXT    NOT NULL,
    member_count INTEGER NOT NULL DEFAULT 0,
    created_at   INTEGER NOT NULL
);

CREATE TABLE chat_members
(
    joined        INTEGER PRIMARY KEY,    -- rises: the order in which members joined
    chat_id       INTEGER NOT NULL REFERENCES chats (id) ON DELETE CASCADE,
    user          TEXT    NOT NULL,
    delivered_seq INTEGER NOT NULL DEFAULT 0,
    read_seq      INTEGER NOT NULL DEFAULT 0,
    UNIQUE (chat_id, user)
);

CREATE UNIQUE INDEX chat_members_by_user ON chat_members (user, chat_id);

CREATE TRIGGER chat_members_added AFTER INSERT ON chat_members
BEGIN
    UPDATE chats SET member_count = member_count + 1 WHERE id = NEW.chat_id;
END;

CREATE TRIGGER chat_members_removed AFTER DELETE ON chat_members
BEGIN
    UPDATE chats SET member_count = member_count - 1 WHERE id = OLD.chat_id;
END;

INSERT INTO sqlite_sequence (name, seq) VALUES ('chats', 999);
