// One person at one server: all that the features share. A page has one of it, and each element in a host's page its own.
import { createPalaver, type GetToken, type Palaver } from '@palaver/client';
import { createContext, use } from 'react';
import type { Client } from 'urql';
import { fetchWithProgress } from '../attachments/progress';
import { createTrays, type Trays } from '../attachments/tray';
import { createDrafts, type Drafts } from '../thread/drafts';
import { createOutbox, type Outbox } from '../thread/outbox';
import { createThreads, type Threads } from '../thread/threads';
import { urqlOver } from './client';
import type { StartQuery } from './generated';
import { startLive, type Live } from './live';
import { createStore, type Store } from './store';

export type Viewer = StartQuery['viewer'];

export interface Session {
  server: string;
  /** Tells what the browser keeps of several people and servers apart. */
  whose: string;
  palaver: Palaver;
  client: Client;
  threads: Threads;
  outbox: Outbox;
  trays: Trays;
  drafts: Drafts;
  live: Live;
  /** Null until the server has said who asks. */
  viewer: Store<Viewer | null>;
  close(): void;
}

export interface SessionOptions {
  /** The origin of Palaver. */
  server: string;
  /** Tells the outboxes of several people in one browser apart. */
  sub: string;
  token: GetToken;
}

export function createSession({ server, sub, token }: SessionOptions): Session {
  const whose = `${server}|${sub}`;
  const url = `${server}/graphql`;
  // What failed is tried again a few times; what was written stays in the outbox until it is answered.
  const palaver = createPalaver({ url, token, attempts: 3, longestPause: 8_000, fetch: fetchWithProgress });
  const client: Client = urqlOver(palaver, url, (...found) => threads.take(...found));
  const viewer = createStore<Viewer | null>(null);
  const threads: Threads = createThreads(client);
  const outbox = createOutbox(client, palaver, whose);
  const trays = createTrays(palaver);
  const drafts = createDrafts(whose, trays);
  const live = startLive(client, viewer);
  // Too much was missed: what is shown is read again, and then the streams go on.
  live.onRefetch(() => threads.refetch());
  const stopResets = palaver.onReset(() => live.refetch());
  const stopListening = live.listen((event) => {
    if (event.__typename === 'ConversationRemovedEvent') threads.lose(event.conversationId);
    if (event.__typename === 'ConversationUpdatedEvent') threads.find(event.conversation.id);
  });
  return {
    server, whose, palaver, client, threads, outbox, trays, drafts, live, viewer,
    close() {
      stopResets();
      stopListening();
      live.stop();
      threads.stop();
      outbox.stop();
      palaver.close();
    },
  };
}

const SessionContext = createContext<Session | null>(null);

export const SessionProvider = SessionContext;

export function useSession(): Session {
  const session = use(SessionContext);
  if (session === null) throw new Error('There is no session here.');
  return session;
}
