// How things are written for clients: global ids, cursors, times, and signed addresses of files.
import { createHmac } from 'node:crypto';
import { baseUrl, signingKey } from './surroundings.mjs';

export const idOf = (type, key) => Buffer.from(`${type}:${key}`).toString('base64');

/** The database id in a global id of a type; null when it is of another type. */
export function keyOf(type, id) {
  const text = Buffer.from(id, 'base64').toString();
  return text.startsWith(`${type}:`) ? text.slice(type.length + 1) : null;
}

export const cursorOf = (...key) => Buffer.from(JSON.stringify(key)).toString('base64url');
export const placeOf = (cursor) => JSON.parse(Buffer.from(cursor, 'base64url').toString());
export const timeOf = (ms) => new Date(ms).toISOString();

function addressOf(row, viewer) {
  const expires = (Math.floor((Date.now() / 1000 + 3600) / 600) + 1) * 600;
  const signed = createHmac('sha256', signingKey).update(`file,${row.id},${viewer.id},${expires}`).digest('hex');
  const name = encodeURIComponent(row.file_name);
  return `${baseUrl}/files/${row.id}/${viewer.id}/${expires}/${signed.slice(0, 32)}/${name}`;
}

export const userOf = (row) => ({ id: idOf('User', row.id), name: row.name, avatarUrl: row.avatar_url });

export const attachmentOf = (row, viewer) => ({
  id: idOf('Attachment', row.id),
  kind: row.kind,
  fileName: row.file_name,
  mimeType: row.mime_type,
  byteSize: Number(row.byte_size),
  url: addressOf(row, viewer),
  width: row.width === null ? null : Number(row.width),
  height: row.height === null ? null : Number(row.height),
});

export const messageOf = (row) => ({
  key: row.id,
  senderKey: row.sender_id,
  hasFiles: row.kind !== 'TEXT',
  id: idOf('Message', row.id),
  seq: Number(row.seq),
  kind: row.kind,
  body: row.body,
  createdAt: timeOf(Number(row.created_at)),
  clientMessageId: row.client_key,
});

export const messageCursor = (row) => cursorOf('log', row.conversation_id, Number(row.seq));

export const conversationOf = (row) => ({
  key: row.id,
  lastMessageKey: row.last_message_id,
  id: idOf('Conversation', row.id),
  state: row.state,
  lastMessageAt: timeOf(Number(row.last_message_at)),
});

export const counterpartOf = (row) => ({
  id: idOf('Participant', row.id),
  role: row.role,
  user: { id: idOf('User', row.user_id), name: row.name, avatarUrl: row.avatar_url },
});

/** A page of messages out of one row more than was asked for, newest first. */
export function messagePage(rows, last, isLast) {
  const hasPreviousPage = rows.length > last;
  const edges = rows.slice(0, last).reverse().map((row) => ({ cursor: messageCursor(row), node: messageOf(row) }));
  return { edges, pageInfo: pageInfoOf(edges, !isLast, hasPreviousPage) };
}

/** A page of conversations out of one row more than was asked for. */
export function conversationPage(rows, first, isFirst) {
  const edges = rows.slice(0, first).map((row) => ({
    cursor: cursorOf('conversations', Number(row.last_message_at), row.id),
    node: conversationOf(row),
  }));
  return { edges, pageInfo: pageInfoOf(edges, rows.length > first, !isFirst) };
}

const pageInfoOf = (edges, hasNextPage, hasPreviousPage) => ({
  hasNextPage,
  hasPreviousPage,
  startCursor: edges[0]?.cursor ?? null,
  endCursor: edges.at(-1)?.cursor ?? null,
});
