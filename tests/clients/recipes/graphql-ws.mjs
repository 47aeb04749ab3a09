// Subscriptions that survive: a graphql-ws client that comes back by itself, and goes on after the last event it had.
// Apollo, urql and Relay stand on it; whoever uses graphql-ws alone needs nothing else.
import { createClient } from 'graphql-ws';
import { pauseAfter } from './fetch.mjs';

// After these close codes it helps to come back. 1011 is a connection that was silent too long (a laptop slept),
// 4403 a token that expired.
const COME_BACK = new Set([1000, 1001, 1005, 1006, 1011, 1012, 1013, 1014, 4403, 4408, 4499, 4500, 4504]);

/**
 * - `getToken({ fresh })` gives the token that the host signed; with `fresh` the one given before was refused.
 * - `onReset(variables)` fetches again what the page shows: too much was missed, or the database was restored.
 *
 * Select `cursor` in every event, and declare `$after: String` in every subscription that takes it.
 */
export function createLiveClient({ url, getToken, onReset, keepAlive = 10_000, ...options }) {
  let isRefused = false;
  let failures = 0;
  let silence;

  const client = createClient({
    ...options,
    url: url.replace(/^http/, 'ws'),
    // Its own retries would send the first `after` again, so we do that below.
    retryAttempts: 0,
    // Asked at each connect, so that a new connection never has an old token.
    connectionParams: async () => ({ authorization: `Bearer ${await getToken({ fresh: isRefused })}` }),
    // A connection that died without a word answers no ping.
    keepAlive,
    on: {
      connected() {
        isRefused = false;
        failures = 0;
      },
      closed(event) {
        clearTimeout(silence);
        isRefused ||= event.code === 4403;
        failures += 1;
      },
      ping: (isReceived) => isReceived || (silence = setTimeout(() => client.terminate(), keepAlive / 2)),
      pong: (isReceived) => isReceived && clearTimeout(silence),
    },
  });

  function subscribe(payload, sink) {
    let after = payload.variables?.after;
    let isStopped = false;
    let stop = () => {};

    const start = () => {
      if (isStopped) return;
      const variables = after == null ? payload.variables : { ...payload.variables, after };
      let isCurrent = true;
      const complete = () => isCurrent && sink.complete();
      // graphql-ws wants a text: an empty one where a hash or an id stands for it.
      const query = payload.query ?? '';
      const end = client.subscribe({ ...payload, query, variables }, { next, error, complete });
      stop = () => {
        isCurrent = false;
        end();
      };
    };

    const next = (answer) => {
      const event = Object.values(answer.data ?? {})[0];
      if (event?.__typename === 'ResetEvent' && onReset) return void reset(event.cursor);
      sink.next(answer);
      // Only what was taken counts as seen.
      after = event?.cursor ?? after;
    };

    const error = async (cause) => {
      const expired = Array.isArray(cause) && cause.find(({ extensions }) => extensions?.code === 'CURSOR_EXPIRED');
      if (expired && onReset) return reset(expired.extensions.cursor);
      if (!isWorthComingBack(cause)) return sink.error(cause);
      await pauseAfter(failures);
      start();
    };

    // First fetch, then go on: an answer that came after a later event would take that event away again.
    const reset = async (cursor) => {
      stop();
      after = cursor;
      try {
        await onReset(payload.variables ?? {});
        start();
      } catch (cause) {
        sink.error(cause);
      }
    };

    start();
    return () => {
      isStopped = true;
      stop();
    };
  }

  return { ...client, subscribe };
}

/** A closed or failed connection, rather than errors of the operation or of our own. */
function isWorthComingBack(cause) {
  if (typeof cause?.code === 'number') return COME_BACK.has(cause.code);
  return !Array.isArray(cause) && !(cause instanceof Error);
}
