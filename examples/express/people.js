/** The market's own people: names, hashed passwords, sessions. Palaver has no part in it. */

import { createHash, randomBytes, scrypt, timingSafeEqual } from 'node:crypto';
import { promisify } from 'node:util';
import { Router } from 'express';

const SESSION_MS = 7 * 86_400_000;

export const TABLES = `
CREATE TABLE IF NOT EXISTS users (
  id INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE, salt TEXT NOT NULL, password TEXT NOT NULL
);
CREATE TABLE IF NOT EXISTS sessions (
  key TEXT PRIMARY KEY, user_id INTEGER NOT NULL REFERENCES users, ends_at INTEGER NOT NULL
);`;

/** A refusal with its HTTP status. */
export class Refused extends Error {
  constructor(status, words) {
    super(words);
    this.status = status;
  }
}

/** What was written into a form; 400 when it is too short or too long. */
export const field = (request, name, most, least = 1) => {
  const value = String(request.body?.[name] ?? '').trim();
  if (value.length < least || value.length > most) throw new Refused(400, `${name} is too short or too long.`);
  return value;
};

const hashed = async (password, salt) => (await promisify(scrypt)(password, salt, 32, { N: 2 ** 14, p: 5, maxmem: 2 ** 26 })).toString('hex');

/** What is kept of a session's cookie: who reads the database cannot come in by it. */
const kept = (cookie) => createHash('sha256').update(cookie).digest('hex');

const cookieOf = (request) => /(?:^|; )session=([^;]*)/.exec(request.headers.cookie ?? '')?.[1] ?? '';

/** 403 for what a page of another site sends with our visitor's cookie: browsers name the origin of a POST. */
export const sameOrigin = (request, response, next) => {
  const { origin, host } = request.headers;
  if (request.method !== 'GET' && origin !== undefined && origin.replace(/^https?:\/\//, '') !== host) {
    throw new Refused(403, 'This came from another site.');
  }
  next();
};

/** Who is signed in, in `request.visitor`. */
export const lookUp = (db) => (request, response, next) => {
  request.visitor = db
    .prepare('SELECT users.id, name FROM sessions JOIN users ON users.id = user_id WHERE key = ? AND ends_at > ?')
    .get(kept(cookieOf(request)), Date.now());
  next();
};

/** Who is signed in; 401 for nobody. */
export const user = (request) => {
  if (!request.visitor) throw new Refused(401, 'Sign in first.');
  return request.visitor;
};

/** Registering, signing in and out. */
export const routes = (db, isSecure) => {
  const router = Router();
  const options = { httpOnly: true, sameSite: 'lax', secure: isSecure };

  const beginSession = (response, userId) => {
    const cookie = randomBytes(32).toString('base64url');
    db.prepare('DELETE FROM sessions WHERE ends_at < ?').run(Date.now());
    db.prepare('INSERT INTO sessions VALUES (?, ?, ?)').run(kept(cookie), userId, Date.now() + SESSION_MS);
    response.cookie('session', cookie, { ...options, maxAge: SESSION_MS }).redirect(303, '/');
  };

  router.post('/register', async (request, response) => {
    const name = field(request, 'name', 50);
    const salt = randomBytes(16).toString('hex');
    const password = await hashed(field(request, 'password', 200, 8), salt);
    const insert = 'INSERT INTO users (name, salt, password) VALUES (?, ?, ?) ON CONFLICT DO NOTHING RETURNING id';
    const made = db.prepare(insert).get(name, salt, password);
    if (!made) throw new Refused(409, 'Somebody has this name.');
    beginSession(response, made.id);
  });

  router.post('/sign-in', async (request, response) => {
    const found = db.prepare('SELECT * FROM users WHERE name = ?').get(field(request, 'name', 50));
    // Also for nobody: it takes as long.
    const given = await hashed(field(request, 'password', 200, 8), found?.salt ?? '');
    if (!found || !timingSafeEqual(Buffer.from(given), Buffer.from(found.password))) {
      throw new Refused(401, 'The name or the password is wrong.');
    }
    beginSession(response, found.id);
  });

  /** The session ends on the server too, so that no page gets a token by it. */
  router.post('/sign-out', (request, response) => {
    db.prepare('DELETE FROM sessions WHERE key = ?').run(kept(cookieOf(request)));
    response.clearCookie('session', options).redirect(303, '/');
  });

  return router;
};
