-- A chat or stream that is deleted is out of sight at once, and leaves the tables a slice at a time: in one statement
-- that would hold up all other writes, and fail once it takes 5 s. Unix milliseconds, UTC.
ALTER TABLE chats ADD COLUMN deleted_at BIGINT NULL;
ALTER TABLE streams ADD COLUMN deleted_at BIGINT NULL;
CREATE INDEX chats_deleted ON chats (id) WHERE deleted_at IS NOT NULL;
CREATE INDEX streams_deleted ON streams (id) WHERE deleted_at IS NOT NULL;
