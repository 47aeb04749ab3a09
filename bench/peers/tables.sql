-- The tables of the peers: what messaging needs at least, on SQLite and on PostgreSQL alike.
CREATE TABLE users (
  id TEXT PRIMARY KEY,
  external_id TEXT NOT NULL UNIQUE,
  name TEXT NOT NULL,
  avatar_url TEXT
);
CREATE TABLE conversations (
  id TEXT PRIMARY KEY,
  state TEXT NOT NULL,
  last_seq BIGINT NOT NULL,
  last_message_id TEXT,
  last_message_at BIGINT NOT NULL
);
CREATE TABLE participants (
  id TEXT PRIMARY KEY,
  conversation_id TEXT NOT NULL REFERENCES conversations (id),
  user_id TEXT NOT NULL REFERENCES users (id),
  role TEXT NOT NULL,
  read_seq BIGINT NOT NULL,
  UNIQUE (conversation_id, user_id)
);
CREATE INDEX participants_of_user ON participants (user_id, conversation_id);
CREATE TABLE messages (
  id TEXT PRIMARY KEY,
  conversation_id TEXT NOT NULL REFERENCES conversations (id),
  seq BIGINT NOT NULL,
  sender_id TEXT NOT NULL REFERENCES users (id),
  client_key TEXT NOT NULL,
  kind TEXT NOT NULL,
  body TEXT NOT NULL,
  created_at BIGINT NOT NULL,
  UNIQUE (conversation_id, seq),
  UNIQUE (conversation_id, sender_id, client_key)
);
CREATE TABLE attachments (
  id TEXT PRIMARY KEY,
  message_id TEXT NOT NULL REFERENCES messages (id),
  kind TEXT NOT NULL,
  file_name TEXT NOT NULL,
  mime_type TEXT NOT NULL,
  byte_size BIGINT NOT NULL,
  width BIGINT,
  height BIGINT
);
CREATE INDEX attachments_of_message ON attachments (message_id);
