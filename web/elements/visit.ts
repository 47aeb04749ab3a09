// One person of a host's page at one server, for all elements that have the same callback for tokens.
import type { GetToken, TokenReason } from '@palaver/client';
import { StartDocument } from '../inbox/src/api/generated';
import { subOf } from '../inbox/src/api/identity';
import { createSession, type Session } from '../inbox/src/api/session';
import { createStore, type Store } from '../inbox/src/api/store';

/**
 * server: the page has named none that there could be. unwelcome: it takes no requests of pages like this one.
 * token: the page gave none, or none that is one. refused: the server did not take it.
 */
export type Failure = 'server' | 'unwelcome' | 'token' | 'refused';

export type VisitState =
  | { is: 'starting' }
  | { is: 'begun'; session: Session; sub: string }
  | { is: 'failed'; why: Failure };

/** What is wrong while everything that was there stays. */
export type Trouble = 'token' | 'unreachable' | null;

export interface Visit {
  state: Store<VisitState>;
  trouble: Store<Trouble>;
  /** Once more, after it has failed. */
  begin(): Promise<void>;
  end(): void;
}

const STARTING: VisitState = { is: 'starting' };

/** At no server: nothing is asked, and no token either. */
export const NOWHERE: Visit = {
  state: createStore<VisitState>({ is: 'failed', why: 'server' }),
  trouble: createStore<Trouble>(null),
  begin: () => Promise.resolve(),
  end: () => undefined,
};

export function createVisit(server: string, getToken: GetToken): Visit {
  const state = createStore<VisitState>(STARTING);
  const trouble = createStore<Trouble>(null);
  /** Changes with every beginning and end: whatever was asked before is nobody's any more. */
  let turn = 0;

  const leave = (next: VisitState): void => {
    turn += 1;
    const before = state.get();
    trouble.set(null);
    state.set(next);
    if (before.is === 'begun') before.session.close();
  };
  const fail = (why: Failure): void => leave({ is: 'failed', why });

  const ask = async (reason: TokenReason): Promise<{ token: string; sub: string }> => {
    const token = await getToken(reason);
    const sub = subOf(token);
    if (sub === null) throw new Error('What the page gave is no token.');
    return { token, sub };
  };

  const begin = async (): Promise<void> => {
    leave(STARTING);
    const mine = turn;
    const isOver = (): boolean => turn !== mine;
    void isWelcomeAt(server).then((isWelcome) => {
      if (!isWelcome && !isOver()) fail('unwelcome');
    });
    let first: { token: string; sub: string } | undefined;
    try {
      first = await ask('start');
    } catch {
      if (!isOver()) fail('token');
      return;
    }
    if (isOver()) return;
    const { sub } = first;
    const token: GetToken = async (reason) => {
      const given = first;
      first = undefined;
      if (given) return given.token;
      try {
        const next = await ask(reason);
        if (!isOver() && trouble.get() === 'token') trouble.set(null);
        if (next.sub === sub) return next.token;
      } catch (cause) {
        if (!isOver()) trouble.set('token');
        throw cause;
      }
      // Somebody else has signed in at the host: nothing of the one before may stay on the screen.
      if (!isOver()) void begin();
      throw new Error('The token is of somebody else.');
    };
    const session = createSession({ server, sub, token });
    state.set({ is: 'begun', session, sub });
    const told = session.viewer.subscribe(() => {
      told();
      if (!isOver() && trouble.get() === 'unreachable') trouble.set(null);
    });
    // The same question as the session's own: it is asked once.
    const { error } = await session.client.query(StartDocument, {}, { requestPolicy: 'network-only' }).toPromise();
    if (isOver() || !error) return;
    if (error.graphQLErrors.some(({ extensions }) => extensions.code === 'UNAUTHENTICATED')) fail('refused');
    else if (session.viewer.get() === null && trouble.get() === null) trouble.set('unreachable');
  };

  return { state, trouble, begin, end: () => leave(STARTING) };
}

/** A browser tells a page nothing of why a request was refused, so the server is asked. Not answered is not refused. */
async function isWelcomeAt(server: string): Promise<boolean> {
  try {
    const response = await fetch(`${server}/elements/welcome`, { credentials: 'omit', cache: 'no-store' });
    const { isWelcome } = (await response.json()) as { isWelcome?: unknown };
    return isWelcome !== false;
  } catch {
    return true;
  }
}
