// The host's token: kept in memory, asked for once at a time, and anew before it ends or when it was refused.
import type { GetToken, TokenReason } from './types.js';

/** A token is renewed when less than this is left of it, but never before half its life; in milliseconds. */
const MARGIN = 30_000;

export interface Tokens {
  get(): Promise<string>;
  /** The server did not take it: the next one is another. */
  refuse(token: string): void;
}

export function keepToken(ask: GetToken): Tokens {
  let token: string | undefined;
  let endsAt = Infinity;
  let reason: TokenReason = 'start';
  let asking: Promise<string> | undefined;

  async function renew(): Promise<string> {
    // Whatever comes of it comes later than who asks has kept the promise.
    await null;
    try {
      token = await ask(reason);
      endsAt = Date.now() + lifeOf(token);
      reason = 'expiring';
      return token;
    } finally {
      asking = undefined;
    }
  }

  return {
    get() {
      if (token !== undefined && Date.now() < endsAt) return Promise.resolve(token);
      return (asking ??= renew());
    },
    refuse(refused) {
      // Several requests are refused with the same token; whoever comes late must not throw its successor away.
      if (refused !== token) return;
      token = undefined;
      reason = 'refused';
    },
  };
}

/**
 * How long a JWT is used, reckoned from when it came, since clocks of phones are wrong. Infinity for what cannot be read:
 * the server says when it ends.
 */
function lifeOf(token: string): number {
  try {
    const payload = token.split('.')[1] ?? '';
    const { iat, exp } = JSON.parse(atob(payload.replace(/-/g, '+').replace(/_/g, '/'))) as Record<string, unknown>;
    if (typeof exp !== 'number') return Infinity;
    const whole = (exp - (typeof iat === 'number' ? iat : Date.now() / 1000)) * 1000;
    return whole > 0 ? Math.max(whole / 2, whole - MARGIN) : Infinity;
  } catch {
    return Infinity;
  }
}
