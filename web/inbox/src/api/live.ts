// Follows the inbox from before anything was read, so that nothing falls between what was read and what is told.
import type { Client, OperationResult } from 'urql';
import { LiveDocument, StartDocument, type LiveSubscription, type StartQuery } from './generated';
import { retryAfterIn } from './refusal';
import type { Store } from './store';

export type InboxEvent = LiveSubscription['inbox'];

export interface Live {
  /** Hears of every event after the cache has taken it in. */
  listen(listener: (event: InboxEvent) => void): () => void;
  /** Reads again what is shown, when too much was missed, or the stream had to begin anew. */
  onRefetch(listener: () => unknown): () => void;
  refetch(): Promise<void>;
  stop(): void;
}

/** Between two attempts to begin, unless the server says how long; in milliseconds. */
const AGAIN = 2_000;

export function startLive(client: Client, viewer: Store<StartQuery['viewer'] | null>): Live {
  const listeners = new Set<(event: InboxEvent) => void>();
  const readers = new Set<() => unknown>();
  let isStopped = false;
  let follow: { unsubscribe(): void } | undefined;
  let timer: ReturnType<typeof setTimeout> | undefined;

  const read = async (): Promise<OperationResult<StartQuery>> => {
    const result = await client.query(StartDocument, {}, { requestPolicy: 'network-only' }).toPromise();
    if (result.data && !isStopped) viewer.set(result.data.viewer);
    return result;
  };

  const tell = (): Promise<unknown> => Promise.all([...readers].map((reader) => reader()));

  const begin = async (isAgain = false): Promise<void> => {
    const found = await read();
    if (isStopped) return;
    if (!found.data) {
      timer = setTimeout(() => void begin(isAgain), retryAfterIn(found.error?.graphQLErrors[0]) ?? AGAIN);
      return;
    }
    follow = client.subscription(LiveDocument, { after: found.data.viewer.inboxCursor }).subscribe(({ data, error }) => {
      if (data) for (const listener of [...listeners]) listener(data.inbox);
      else if (error && !isStopped) {
        // The stream is over, as when a token has ended: from the start, with whatever token there is then.
        follow?.unsubscribe();
        timer = setTimeout(() => void begin(true), AGAIN);
      }
    });
    // What was told meanwhile was told to nobody.
    if (isAgain) void tell();
  };

  void begin();
  return {
    listen(listener) {
      listeners.add(listener);
      return () => {
        listeners.delete(listener);
      };
    },
    onRefetch(listener) {
      readers.add(listener);
      return () => {
        readers.delete(listener);
      };
    },
    async refetch() {
      await read();
      await tell();
    },
    stop() {
      isStopped = true;
      clearTimeout(timer);
      follow?.unsubscribe();
    },
  };
}
