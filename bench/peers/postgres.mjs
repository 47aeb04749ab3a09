// The peers' data in PostgreSQL: prepared statements on a pool, and one transaction for each act.
import pg from 'pg';
import { newKey, statements } from './statements.mjs';

function prepared([name, text]) {
  let number = 0;
  const numbered = text.replaceAll(/IN MANY\(\?\)|\?/g, (word) => {
    number += 1;
    return word === '?' ? `$${number}` : `= ANY($${number})`;
  });
  return [name, (db, ...values) => db.query({ name, text: numbered, values }).then(({ rows }) => rows)];
}

export function openPostgres(url) {
  const pool = new pg.Pool({ connectionString: url, max: 8 });
  const the = Object.fromEntries(Object.entries(statements).map(prepared));
  const first = (rows) => rows[0];

  async function sendIn(db, viewer, conversation, body, clientKey) {
    const [member] = await the.participant(db, conversation, viewer.id);
    if (!member) return null;
    const key = newKey();
    const now = Date.now();
    // The row of the conversation is taken first, so that a repeat waits for what it repeats.
    const [{ last_seq: seq }] = await the.nextSeq(db, key, now, conversation);
    const [before] = await the.sent(db, conversation, viewer.id, clientKey);
    if (before) return { row: before, isNew: false };
    const [row] = await the.insert(db, key, conversation, seq, viewer.id, clientKey, 'TEXT', body, now);
    await the.read(db, seq, member.id, seq);
    return { row, isNew: true };
  }

  async function send(...content) {
    const db = await pool.connect();
    let sent = null;
    try {
      await db.query('BEGIN');
      sent = await sendIn(db, ...content);
      return sent;
    } finally {
      await db.query(sent?.isNew ? 'COMMIT' : 'ROLLBACK');
      db.release();
    }
  }

  return {
    user: (sub) => the.user(pool, sub).then(first),
    users: (keys) => the.users(pool, keys),
    conversation: (viewer, key) => the.conversation(pool, viewer.id, key).then(first),
    messagesBefore: (key, seq, limit) => the.messagesBefore(pool, key, seq, limit),
    messages: (keys) => the.messages(pool, keys),
    attachments: (keys) => the.attachments(pool, keys),
    inbox: (viewer, at, key, limit) => the.inbox(pool, viewer.id, at, key, limit),
    counterparts: (viewer, keys) => the.counterparts(pool, viewer.id, keys),
    unread: (viewer, keys) => the.unread(pool, viewer.id, keys),
    send,
  };
}
