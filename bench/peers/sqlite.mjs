// The peers' data in SQLite: prepared statements, and one transaction for each act, on the disk when it returns.
import Database from 'better-sqlite3';
import { newKey, statements } from './statements.mjs';

export function openSqlite(path) {
  const db = new Database(path);
  for (const pragma of ['journal_mode=WAL', 'synchronous=FULL', 'foreign_keys=ON', 'cache_size=-16000', 'wal_autocheckpoint=10000']) db.pragma(pragma);
  const prepare = (text) => db.prepare(text.replaceAll('MANY(?)', '(SELECT value FROM json_each(?))'));
  const the = Object.fromEntries(Object.entries(statements).map(([name, text]) => [name, prepare(text)]));

  const send = db.transaction((viewer, conversation, body, clientKey) => {
    const member = the.participant.get(conversation, viewer.id);
    if (!member) return null;
    const before = the.sent.get(conversation, viewer.id, clientKey);
    if (before) return { row: before, isNew: false };
    const key = newKey();
    const now = Date.now();
    const { last_seq: seq } = the.nextSeq.get(key, now, conversation);
    const row = the.insert.get(key, conversation, seq, viewer.id, clientKey, 'TEXT', body, now);
    the.read.run(seq, member.id, seq);
    return { row, isNew: true };
  });

  return {
    user: (sub) => the.user.get(sub),
    users: (keys) => the.users.all(JSON.stringify(keys)),
    conversation: (viewer, key) => the.conversation.get(viewer.id, key),
    messagesBefore: (key, seq, limit) => the.messagesBefore.all(key, seq, limit),
    messages: (keys) => the.messages.all(JSON.stringify(keys)),
    attachments: (keys) => the.attachments.all(JSON.stringify(keys)),
    inbox: (viewer, at, key, limit) => the.inbox.all(viewer.id, at, key, limit),
    counterparts: (viewer, keys) => the.counterparts.all(viewer.id, JSON.stringify(keys)),
    unread: (viewer, keys) => the.unread.all(viewer.id, JSON.stringify(keys)),
    send: send.immediate,
  };
}
