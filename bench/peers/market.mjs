// What both kinds of peers do: find the viewer, read pages, send. Nothing is read but through the viewer's membership.
import { openPostgres } from './postgres.mjs';
import { openSqlite } from './sqlite.mjs';
import { database, subjectOf } from './surroundings.mjs';
import { conversationPage, keyOf, messageCursor, messageOf, messagePage, placeOf, userOf } from './wire.mjs';

const NO_SEQ = Number.MAX_SAFE_INTEGER;

export const store = database.startsWith('postgresql:') ? openPostgres(database) : openSqlite(database);
const viewers = new Map();

/** The viewer of an Authorization; throws when it is not good. Whoever was seen before costs no statement. */
export async function viewerOf(authorization) {
  const sub = subjectOf(authorization);
  let viewer = viewers.get(sub);
  if (!viewer) {
    viewer = await store.user(sub);
    if (!viewer) throw new Error('Nobody is known by this name.');
    viewers.set(sub, viewer);
  }
  return viewer;
}

/** A conversation of the viewer's; null when there is none, or they are not in it. */
export async function findConversation(viewer, id) {
  const key = keyOf('Conversation', id);
  return (key && (await store.conversation(viewer, key))) || null;
}

export async function pageOfMessages(key, { last, before }) {
  const seq = before ? placeOf(before)[2] : NO_SEQ;
  return messagePage(await store.messagesBefore(key, seq, Math.min(last, 100) + 1), last, !before);
}

export async function pageOfConversations(viewer, { first, after }) {
  const [, at, key] = after ? placeOf(after) : [null, NO_SEQ, ''];
  return conversationPage(await store.inbox(viewer, at, key, Math.min(first, 100) + 1), first, !after);
}

/** Send; `publish(conversationKey, event)` tells of what is new, after the commit. Null for who is not in it. */
export async function sendMessage(viewer, { conversationId, body, clientMessageId }, publish) {
  const key = keyOf('Conversation', conversationId);
  const sent = key && (await store.send(viewer, key, body, clientMessageId));
  if (!sent) return null;
  const message = { ...messageOf(sent.row), sender: userOf(viewer) };
  if (sent.isNew) publish(key, { cursor: messageCursor(sent.row), message });
  return message;
}

/** The rows that belong to each key, in the order of the keys. */
export function group(keys, rows, column) {
  const groups = new Map(keys.map((key) => [key, []]));
  for (const row of rows) groups.get(row[column]).push(row);
  return keys.map((key) => groups.get(key));
}

/** The row of each key, in the order of the keys. */
export function align(keys, rows, column) {
  const found = new Map(rows.map((row) => [row[column], row]));
  return keys.map((key) => found.get(key));
}

export const unique = (keys) => [...new Set(keys)];
