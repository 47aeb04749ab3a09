/** All that the market knows of Palaver: tokens for its people, questions on their behalf, news of its listings. */

import { createPrivateKey, createPublicKey, generateKeyPairSync } from 'node:crypto';
import { readFileSync, writeFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { SignJWT, calculateJwkThumbprint } from 'jose';

export const URL = process.env.CHAT_URL ?? 'http://127.0.0.1:8000';
const KEY_FILE = process.env.MARKET_KEY_FILE ?? 'key.pem';
const RETRY_MS = 1000;

/** Listings of which Palaver has not heard, or not the newest; `refused` is why it will not. */
export const TABLE = `
CREATE TABLE IF NOT EXISTS untold (
  listing_id INTEGER PRIMARY KEY REFERENCES listings, version INTEGER NOT NULL, refused TEXT
);`;

const TELL = `
mutation Tell($seller: UpsertUserInput!, $listing: UpsertSubjectInput!) {
  upsertUser(input: $seller) { errors { code reason path } }
  upsertSubject(input: $listing) { errors { code reason path } }
}`;

export const CONTACT = `
query Contact($listing: ID!) {
  subject(kind: "listing", externalId: $listing) {
    viewerCanContact
    contactRefusal
    conversations(first: 50) { edges { node { id unreadCount counterpart { user { name } } } } }
  }
}`;

export const OPEN = `
mutation Open($input: OpenConversationInput!) {
  openConversation(input: $input) { conversation { id } errors { code reason path } }
}`;

export const CONVERSATION = 'query Conversation($id: ID!) { conversation(id: $id) { id subjectSnapshot { title } } }';

/** Palaver cannot be reached, or cannot answer now. */
export class Away extends Error {}

/** The private key, made when there is none yet. Whoever has it can be anybody at Palaver. */
const privateKey = () => {
  try {
    return createPrivateKey(readFileSync(KEY_FILE));
  } catch (error) {
    if (error.code !== 'ENOENT') throw error;
    const { privateKey: made } = generateKeyPairSync('rsa', { modulusLength: 2048 });
    writeFileSync(KEY_FILE, made.export({ type: 'pkcs8', format: 'pem' }), { mode: 0o600, flag: 'wx' });
    return made;
  }
};

const key = privateKey();
const publicKey = createPublicKey(key).export({ format: 'jwk' });
const kid = await calculateJwkThumbprint(publicKey);

/** What Palaver checks our tokens by: the public half only. While keys change, both are here. */
export const keySet = { keys: [{ ...publicKey, kid, alg: 'RS256', use: 'sig' }] };

/** A token for somebody. It lives shortly: a page asks for the next one, and gets none once signed out. */
export const sign = (sub, name, roles = [], seconds = 300) =>
  new SignJWT({ name, roles })
    .setProtectedHeader({ alg: 'RS256', kid })
    .setSubject(sub)
    .setIssuedAt()
    .setExpirationTime(`${seconds}s`)
    .sign(key);

/** An operation's data, by whoever the token names. Away when there is none. */
export const ask = async (token, query, variables) => {
  let answer;
  try {
    const response = await fetch(`${URL}/graphql`, {
      method: 'POST',
      headers: { Authorization: `Bearer ${token}`, 'Content-Type': 'application/json' },
      body: JSON.stringify({ query, variables }),
      signal: AbortSignal.timeout(15_000), // longer than Palaver takes, so that a late act cannot overtake the next
    });
    answer = await response.json();
  } catch (error) {
    throw new Away(error.name);
  }
  if (answer.errors?.length || !answer.data) {
    const codes = answer.errors?.map((one) => one.extensions?.code) ?? [];
    if (codes.includes('UNAUTHENTICATED')) console.error('Palaver does not take our tokens: is its PALAVER_JWKS_URL ours?');
    throw new Away(codes.join());
  }
  return answer.data;
};

/** Note that Palaver is to hear of a listing. Call it in the transaction that changes it: both are stored, or neither. */
export const hasChanged = (db, listingId) =>
  db
    .prepare(
      `INSERT INTO untold (listing_id, version) VALUES (?, 1)
       ON CONFLICT (listing_id) DO UPDATE SET version = version + 1, refused = NULL`,
    )
    .run(listingId);

/** Tell of a listing and its seller. Null, or why Palaver will not have it. */
const tell = async (db, listingId, url) => {
  const listing = db
    .prepare('SELECT listings.*, name FROM listings JOIN users ON users.id = seller_id WHERE listings.id = ?')
    .get(listingId);
  const sellerId = String(listing.seller_id);
  const payloads = await ask(await sign('market', 'The market', ['service'], 60), TELL, {
    seller: { externalId: sellerId, name: listing.name },
    listing: {
      kind: 'listing',
      externalId: String(listingId),
      title: listing.title,
      url: `${url}/listings/${listingId}`,
      state: listing.sold ? 'CLOSED' : 'ACTIVE',
      owner: { userExternalId: sellerId, role: 'seller' },
    },
  });
  const errors = Object.values(payloads).flatMap((payload) => payload.errors);
  if (errors.length) console.error(`Palaver refuses listing ${listingId}:`, JSON.stringify(errors));
  return errors.length ? JSON.stringify(errors) : null;
};

/**
 * Tell Palaver what it has not heard, as long as the process runs; while it is away, try again.
 *
 * A note does not say what has changed. The listing is told as it is now, so neither a repetition nor a missing step
 * between does harm. One process does it: two could overtake each other, and the older state would win.
 */
export const tellAll = async (db, url) => {
  for (;;) {
    try {
      for (const untold of db.prepare('SELECT * FROM untold WHERE refused IS NULL LIMIT 100').all()) {
        const refused = await tell(db, untold.listing_id, url);
        // Where the listing has changed meanwhile, the note has another version, and stays.
        const same = [untold.listing_id, untold.version];
        if (refused) db.prepare('UPDATE untold SET refused = ? WHERE listing_id = ? AND version = ?').run(refused, ...same);
        else db.prepare('DELETE FROM untold WHERE listing_id = ? AND version = ?').run(...same);
      }
    } catch (error) {
      if (!(error instanceof Away)) throw error;
      console.warn(`Palaver has not been told yet: ${error.message}`);
    }
    await sleep(RETRY_MS);
  }
};
