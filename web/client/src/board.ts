// Says how it stands: what the link does, and whether the streams on it have caught up.
import type { Link } from './connection.js';
import type { PalaverError, Status } from './types.js';

/** A stream that resumes and is silent for so many milliseconds, to a server that answers, has nothing more to tell. */
const QUIET = 300;

/**
 * What a stream does: looks where it begins, resumes, has heard what had been there before, or something new, or
 * something that does not tell, or is over.
 */
export type Sign = 'looks' | 'resumes' | 'old' | 'new' | 'any' | 'over';

export interface Board {
  readonly status: Status;
  onLink(link: Link, retryAt?: number, problem?: PalaverError): void;
  note(stream: object, sign: Sign): void;
  /** The server has read all that was sent so far: from now on its silence says something. */
  onAnswer(): void;
  listen(listener: (status: Status) => void): () => void;
}

export function createBoard(): Board {
  const listeners = new Set<(status: Status) => void>();
  const behind = new Map<object, ReturnType<typeof setTimeout> | undefined>();
  /** They have resumed, and nobody has answered since. */
  const unanswered = new Set<object>();
  let status: Status = { state: 'idle', since: Date.now() };
  let link: { link: Link; retryAt?: number | undefined; problem?: PalaverError | undefined } = { link: 'idle' };

  function show(): void {
    const state = link.link === 'open' ? (behind.size ? 'catching-up' : 'live') : link.link;
    if (state === status.state && link.retryAt === status.retryAt) return;
    const since = state === status.state ? status.since : Date.now();
    const { retryAt, problem } = link;
    status = { state, since, ...(retryAt !== undefined && { retryAt }), ...(problem && { problem }) };
    listeners.forEach((listener) => listener(status));
  }

  function forget(stream: object): void {
    clearTimeout(behind.get(stream));
    behind.delete(stream);
    unanswered.delete(stream);
  }

  function awaitQuiet(stream: object): void {
    const catchUp = (): void => {
      forget(stream);
      show();
    };
    behind.set(stream, setTimeout(catchUp, QUIET));
  }

  return {
    get status() {
      return status;
    },
    onLink(next, retryAt, problem) {
      if (next === 'offline' || next === 'idle') [...behind.keys()].forEach(forget);
      link = { link: next, retryAt, problem };
      show();
    },
    note(stream, sign) {
      const isBehind = sign === 'any' ? behind.has(stream) : sign !== 'new' && sign !== 'over';
      forget(stream);
      if (isBehind && sign !== 'looks' && sign !== 'resumes') awaitQuiet(stream);
      else if (isBehind) behind.set(stream, undefined);
      if (sign === 'resumes') unanswered.add(stream);
      show();
    },
    onAnswer() {
      unanswered.forEach(awaitQuiet);
      unanswered.clear();
    },
    listen(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
  };
}
