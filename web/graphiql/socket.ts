// The live side: one WebSocket at a time, opened with the first subscription, and opened anew when the Authorization has changed.
import type { FetcherParams, Observable } from '@graphiql/toolkit';
import { createClient, type Client, type ExecutionResult, type Sink } from 'graphql-ws';
import { countEvent, showState } from './live';
import { problem } from './problem';

const ADDRESS = new URL('/graphql', window.location.origin.replace(/^http/, 'ws'));

let current: { authorization: string | null; client: Client } | undefined;

function clientFor(authorization: string | null): Client {
  if (current?.authorization === authorization) return current.client;
  void current?.client.dispose();
  const client = createClient({
    url: ADDRESS.href,
    lazy: true,
    // A repeated subscription would send its first `after` again, and show old events as new: rather say that the connection is gone.
    retryAttempts: 0,
    connectionParams: () => (authorization === null ? {} : { authorization }),
    on: { connected: () => showState('live') },
  });
  current = { authorization, client };
  return client;
}

export function subscribe(request: FetcherParams, authorization: string | null): Observable<ExecutionResult> {
  const payload = { ...request, operationName: request.operationName ?? undefined };
  const start = (sink: Sink<ExecutionResult>) => {
    showState('connecting');
    return { unsubscribe: clientFor(authorization).subscribe(payload, watched(sink)) };
  };
  // GraphiQL calls it with one object, never with three functions.
  return { subscribe: start as Observable<ExecutionResult>['subscribe'] };
}

const watched = (sink: Sink<ExecutionResult>): Sink<ExecutionResult> => ({
  next: (result) => {
    countEvent();
    sink.next(result);
  },
  error: (cause) => sink.error(explained(cause)),
  complete: () => sink.complete(),
});

/** Errors of the operation are shown as they are; a closed connection, with its code and reason. */
function explained(cause: unknown): unknown {
  if (cause instanceof CloseEvent) return problem(`The connection was closed: ${cause.code} ${cause.reason}`);
  if (cause instanceof Event) return problem('There is no connection.');
  return cause;
}
