/** A small market, in which buyers and sellers write to each other by Palaver. `node market.js PORT`. */

import { randomUUID } from 'node:crypto';
import express from 'express';
import Database from 'libsql';
import * as chat from './chat.js';
import * as pages from './pages.js';
import { Refused, TABLES, field, lookUp, routes, sameOrigin, user } from './people.js';

const PORT = Number(process.argv[2] ?? 3000);
const URL = process.env.MARKET_URL ?? `http://127.0.0.1:${PORT}`;
const AWAY = 'Messages are away for a moment.';

const db = new Database(process.env.MARKET_DATABASE ?? 'market.db');
db.exec(`${TABLES}
CREATE TABLE IF NOT EXISTS listings (
  id INTEGER PRIMARY KEY, title TEXT NOT NULL,
  seller_id INTEGER NOT NULL REFERENCES users, sold INTEGER NOT NULL DEFAULT 0
);
${chat.TABLE}`);

const app = express();
app.disable('x-powered-by');
app.use('/static', express.static(new globalThis.URL('static', import.meta.url).pathname));
app.use(sameOrigin, express.urlencoded({ extended: false, limit: '64kb' }), lookUp(db));
app.use(routes(db, URL.startsWith('https:')));

/** A token for one of our people, who has signed in. */
const tokenOf = ({ id, name }) => chat.sign(String(id), name);

app.get('/', (request, response) => {
  response.send(pages.market(request.visitor, db.prepare('SELECT * FROM listings ORDER BY id DESC LIMIT 50').all()));
});

/** Offer something. Palaver hears of it once it is stored, in a moment or when it is back. */
app.post('/listings', (request, response) => {
  const insert = db.prepare('INSERT INTO listings (title, seller_id) VALUES (?, ?) RETURNING id');
  const create = db.transaction((title, sellerId) => {
    const { id } = insert.get(title, sellerId);
    chat.hasChanged(db, id);
    return id;
  });
  response.redirect(303, `/listings/${create(field(request, 'title', 200), user(request).id)}`);
});

/** It is sold. */
app.post('/listings/:id/close', (request, response) => {
  const sell = db.prepare('UPDATE listings SET sold = 1 WHERE id = ? AND seller_id = ?');
  const close = db.transaction((id, sellerId) => {
    if (sell.run(id, sellerId).changes === 0) throw new Refused(404, 'There is no such listing of yours.');
    chat.hasChanged(db, id);
  });
  close(Number(request.params.id), user(request).id);
  response.redirect(303, `/listings/${Number(request.params.id)}`);
});

/** A listing's page, for whoever looks. */
const show = async (request, response, status = 200, problem = '') => {
  const select = 'SELECT listings.*, name FROM listings JOIN users ON users.id = seller_id WHERE listings.id = ?';
  const listing = db.prepare(select).get(Number(request.params.id));
  if (!listing) throw new Refused(404, 'There is no such listing.');
  let subject = null;
  try {
    if (request.visitor) {
      ({ subject } = await chat.ask(await tokenOf(request.visitor), chat.CONTACT, { listing: String(listing.id) }));
    }
  } catch (error) {
    if (!(error instanceof chat.Away)) throw error;
    problem ||= AWAY;
  }
  response.status(status).send(pages.listing(request.visitor, listing, subject, randomUUID(), problem));
};

app.get('/listings/:id', (request, response) => show(request, response));

/** Write to the seller for the first time. The page gave the form its key: sent twice, it is one message. */
app.post('/listings/:id/contact', async (request, response) => {
  const subject = { kind: 'listing', externalId: String(Number(request.params.id)) };
  const firstMessage = { body: field(request, 'body', 4000), clientMessageId: field(request, 'key', 100) };
  let opened;
  try {
    const input = { subject, firstMessage };
    opened = (await chat.ask(await tokenOf(user(request)), chat.OPEN, { input })).openConversation;
  } catch (error) {
    if (!(error instanceof chat.Away)) throw error;
    return show(request, response, 503, `${AWAY} Please send it again.`);
  }
  if (opened.errors.length) return show(request, response, 409, opened.errors[0].reason);
  return response.redirect(303, `/conversations/${opened.conversation.id}`);
});

/** A conversation. Palaver shows it only to those who are in it, and so do we. */
app.get('/conversations/:id', async (request, response) => {
  const { conversation } = await chat.ask(await tokenOf(user(request)), chat.CONVERSATION, { id: request.params.id });
  if (!conversation) throw new Refused(404, 'There is no such conversation.');
  response.send(pages.conversation(request.visitor, conversation));
});

app.get('/messages', (request, response) => response.send(pages.messages(user(request))));

/** A token for the elements in our pages. Pages of other sites can neither ask here nor read the answer. */
app.post('/palaver/token', async (request, response) => {
  response.set('Cache-Control', 'no-store').json({ token: await tokenOf(user(request)) });
});

app.get('/.well-known/jwks.json', (request, response) => response.json(chat.keySet));

app.use((error, request, response, next) => {
  const status = error instanceof chat.Away ? 503 : (error.status ?? 500);
  if (status === 500) console.error(error);
  response.status(status).type('text').send(status === 503 ? AWAY : status === 500 ? 'Something went wrong.' : error.message);
});

app.listen(PORT, '127.0.0.1', () => console.log(`The market is at ${URL}`));
await chat.tellAll(db, URL);
