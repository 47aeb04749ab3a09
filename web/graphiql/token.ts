// The token: it comes as #token=... in the address, which no server's log sees, and stays in the session of this browser tab.
const KEY = 'palaver:token';

export type Headers = Record<string, unknown>;

export const currentToken = (): string | null => sessionStorage.getItem(KEY);

/** Moves a token from the address bar into the session; `#token=` alone forgets it. True when there was one to take. */
export function takeTokenFromAddress(): boolean {
  const token = new URLSearchParams(window.location.hash.slice(1)).get('token');
  if (token === null) return false;
  if (token === '') sessionStorage.removeItem(KEY);
  else sessionStorage.setItem(KEY, token);
  window.history.replaceState(window.history.state, '', window.location.pathname + window.location.search);
  return true;
}

export function onNewToken(act: () => void): void {
  window.addEventListener('hashchange', () => {
    if (takeTokenFromAddress()) act();
  });
}

export const authorizationHeaders = (token: string | null): Headers | undefined =>
  token === null ? undefined : { Authorization: `Bearer ${token}` };

/** The Authorization among some headers, however it is spelled. */
export function authorizationIn(headers: Headers | undefined): string | null {
  const found = Object.entries(headers ?? {}).find(([name]) => name.toLowerCase() === 'authorization')?.[1];
  return typeof found === 'string' && found !== '' ? found : null;
}

export interface Claims {
  name?: string;
  sub?: string;
  roles: string[];
  expiresAt?: Date;
}

/** What a JWT says of its bearer, unverified: the server is who checks it. Null when it is not a JWT. */
export function claimsOf(authorization: string): Claims | null {
  const payload = authorization.replace(/^bearer\s+/i, '').split('.')[1];
  if (payload === undefined) return null;
  try {
    return readClaims(JSON.parse(fromBase64Url(payload)));
  } catch {
    // Someone is editing the header: not a JWT yet, or no longer.
    return null;
  }
}

function readClaims(payload: Record<string, unknown>): Claims {
  const { name, sub, roles, exp } = payload;
  return {
    name: typeof name === 'string' ? name : undefined,
    sub: typeof sub === 'string' ? sub : undefined,
    roles: Array.isArray(roles) ? roles.map(String) : [],
    expiresAt: typeof exp === 'number' ? instantOf(exp) : undefined,
  };
}

/** Undefined for a number that is no time that a Date can hold. */
function instantOf(seconds: number): Date | undefined {
  const instant = new Date(seconds * 1000);
  return Number.isNaN(instant.getTime()) ? undefined : instant;
}

function fromBase64Url(text: string): string {
  const bytes = atob(text.replaceAll('-', '+').replaceAll('_', '/'));
  return new TextDecoder().decode(Uint8Array.from(bytes, (byte) => byte.charCodeAt(0)));
}
