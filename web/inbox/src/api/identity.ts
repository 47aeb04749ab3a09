// Who is signed in: a token from the address (#token=...), which no server's log sees, or a demo person's from this very server.
import type { TokenReason } from '@palaver/client';
import { keep as keepIn, readKept } from './kept';
import { createStore, type Store } from './store';

const TOKEN = 'palaver:inbox:token';
const DEMO = 'palaver:inbox:demo';

export interface DemoPerson {
  sub: string;
  name: string;
  roles: string[];
}

export interface Identity {
  token: string;
  sub: string;
  /** Set when the token is a demo person's, who gets another one when it ends. */
  isDemo: boolean;
}

/** Null: nobody is signed in. */
export const identity: Store<Identity | null> = createStore<Identity | null>(null);

/** The `sub` that a JWT names, unverified: the server is who checks it. */
export function subOf(token: string): string | null {
  try {
    const payload = (token.split('.')[1] ?? '').replaceAll('-', '+').replaceAll('_', '/');
    const bytes = Uint8Array.from(atob(payload), (byte) => byte.charCodeAt(0));
    const { sub } = JSON.parse(new TextDecoder().decode(bytes)) as { sub?: unknown };
    return typeof sub === 'string' ? sub : null;
  } catch {
    return null;
  }
}

function keep(token: string, isDemo: boolean): void {
  const sub = subOf(token);
  if (sub === null) return signOut();
  keepIn('session', TOKEN, token);
  keepIn('session', DEMO, isDemo ? sub : null);
  identity.set({ token, sub, isDemo });
}

/** Takes the token out of the address, where a glance or a bookmark would keep it; `#token=` alone signs out. */
function takeTokenFromAddress(): boolean {
  const token = new URLSearchParams(window.location.hash.slice(1)).get('token');
  if (token === null) return false;
  window.history.replaceState(window.history.state, '', window.location.pathname + window.location.search);
  if (token === '') signOut();
  else keep(token, false);
  return true;
}

/** Once, when the page begins. A reload of this browser tab stays signed in. */
export function beginIdentity(): void {
  window.addEventListener('hashchange', takeTokenFromAddress);
  if (takeTokenFromAddress()) return;
  const token = readKept('session', TOKEN);
  if (token !== null) keep(token, Boolean(readKept('session', DEMO)));
}

export function signOut(): void {
  keepIn('session', TOKEN, null);
  keepIn('session', DEMO, null);
  identity.set(null);
}

/** Is this a server to try things out? It says so in the page that it serves, in development only. */
export const hasDemo = (): boolean => document.documentElement.dataset.demo !== undefined;

/** The people to try it as; null where there is no demo, as in production. */
export async function findDemoPeople(): Promise<DemoPerson[] | null> {
  if (!hasDemo()) return null;
  const response = await fetch('/demo/people');
  if (!response.ok) throw new Error(`No people: ${response.status}`);
  return (await response.json()) as DemoPerson[];
}

async function demoToken(sub: string): Promise<string> {
  const headers = { 'content-type': 'application/json' };
  const response = await fetch('/demo/token', { method: 'POST', headers, body: JSON.stringify({ sub }) });
  if (!response.ok) throw new Error(`No token: ${response.status}`);
  return ((await response.json()) as { token: string }).token;
}

export async function signInAs(sub: string): Promise<void> {
  keep(await demoToken(sub), true);
}

/** The token of whoever is signed in, a fresh one when the last was refused and there is a way to one. */
export async function currentToken(reason: TokenReason): Promise<string> {
  const current = identity.get();
  if (current === null) throw new Error('Nobody is signed in.');
  if (reason === 'start' || !current.isDemo) {
    if (reason === 'refused') signOut();
    return current.token;
  }
  const token = await demoToken(current.sub);
  keepIn('session', TOKEN, token);
  // The same person: whoever shows them need not begin anew.
  current.token = token;
  return token;
}
