// The statements of both stores. `?` and `MANY(?)` are put into each database's own words.
import { randomBytes } from 'node:crypto';

export const statements = {
  user: 'SELECT id, name, avatar_url FROM users WHERE external_id = ?',
  users: 'SELECT id, name, avatar_url FROM users WHERE id IN MANY(?)',
  conversation: `SELECT c.* FROM conversations c
    JOIN participants p ON p.conversation_id = c.id AND p.user_id = ? WHERE c.id = ?`,
  messagesBefore: `SELECT * FROM messages WHERE conversation_id = ? AND seq < ? ORDER BY seq DESC LIMIT ?`,
  messages: 'SELECT * FROM messages WHERE id IN MANY(?)',
  attachments: 'SELECT * FROM attachments WHERE message_id IN MANY(?) ORDER BY message_id, id',
  inbox: `SELECT c.* FROM participants p JOIN conversations c ON c.id = p.conversation_id
    WHERE p.user_id = ? AND (c.last_message_at, c.id) < (?, ?) ORDER BY c.last_message_at DESC, c.id DESC LIMIT ?`,
  counterparts: `SELECT p.id, p.conversation_id, p.role, p.user_id, u.name, u.avatar_url FROM participants p
    JOIN users u ON u.id = p.user_id WHERE p.user_id <> ? AND p.conversation_id IN MANY(?)`,
  unread: `SELECT m.conversation_id, count(*) AS unread FROM participants p
    JOIN messages m ON m.conversation_id = p.conversation_id AND m.seq > p.read_seq AND m.sender_id <> p.user_id
    WHERE p.user_id = ? AND p.conversation_id IN MANY(?) GROUP BY m.conversation_id`,
  participant: 'SELECT id FROM participants WHERE conversation_id = ? AND user_id = ?',
  sent: 'SELECT * FROM messages WHERE conversation_id = ? AND sender_id = ? AND client_key = ?',
  nextSeq: `UPDATE conversations SET last_seq = last_seq + 1, last_message_id = ?, last_message_at = ?
    WHERE id = ? RETURNING last_seq`,
  insert: 'INSERT INTO messages VALUES (?, ?, ?, ?, ?, ?, ?, ?) RETURNING *',
  read: 'UPDATE participants SET read_seq = ? WHERE id = ? AND read_seq < ?',
};

/** A UUIDv7 in hexadecimal digits. */
export function newKey() {
  const random = randomBytes(10).toString('hex');
  return `${Date.now().toString(16).padStart(12, '0')}7${random.slice(1, 4)}8${random.slice(5)}`;
}
