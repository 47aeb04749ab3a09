// The client: queries and mutations over HTTP, subscriptions that survive over a socket, and one token for both.
import { createBoard } from './board.js';
import { createConnection } from './connection.js';
import { execute } from './http.js';
import { createResets, type ResetListener } from './resets.js';
import { follow } from './stream.js';
import { keepToken } from './token.js';
import type { ExecutionResult, GetToken, Request, Sink, SocketClass, Status } from './types.js';

export interface PalaverOptions {
  /** Of the GraphQL endpoint, such as https://chat.market.example/graphql. */
  url: string;
  /** Of its socket; by default the same with ws. */
  webSocketUrl?: string;
  /** The token that the host signed; asked for again when it ends, and with `refused` it has to be another one. */
  token: GetToken;
  fetch?: typeof fetch;
  /** Where there is none, such as under Node.js 20: that of the package ws. */
  WebSocket?: unknown;
  /** More headers of requests. */
  headers?: Record<string, string>;
  /** How often a query or mutation is sent until it is answered; 5. */
  attempts?: number;
  /** After so many milliseconds of silence the server is asked whether it is there; 15,000. */
  keepAlive?: number;
  /** How many milliseconds it has for the answer, and for letting the client in; 10,000. */
  patience?: number;
  /** The longest pause between attempts to connect, before chance makes it up to half as long again; 20,000 milliseconds. */
  longestPause?: number;
  /** How many milliseconds a socket that nothing runs on is kept; 5,000. */
  linger?: number;
}

export interface Palaver {
  /** A query or mutation. Errors of the operation are in the result; it rejects when there is no answer. */
  execute<Data = Record<string, unknown>>(
    request: Request,
    options?: { signal?: AbortSignal | undefined },
  ): Promise<ExecutionResult<Data>>;
  /** Follow a subscription over all connections; the answer stops it. */
  subscribe<Data = Record<string, unknown>>(request: Request, sink: Sink<Data>): () => void;
  readonly status: Status;
  onStatus(listener: (status: Status) => void): () => void;
  /** Fetch again what is shown: too much was missed. The streams go on when what it returns is done. */
  onReset(listener: ResetListener): () => void;
  /** Do not wait any longer: try to connect, or see whether the connection lives. */
  wake(): void;
  /** End every subscription, and the connection. */
  close(): void;
}

/** TypeError when there is no WebSocket, before anything is asked or followed. */
export function createPalaver(options: PalaverOptions): Palaver {
  const { url, headers = {}, attempts = 5, keepAlive = 15_000, patience = 10_000 } = options;
  const { longestPause = 20_000, linger = 5_000 } = options;
  const WebSocket = options.WebSocket ?? globalThis.WebSocket;
  if (typeof WebSocket !== 'function') {
    throw new TypeError('There is no WebSocket: pass that of the package ws');
  }
  const tokens = keepToken(options.token);
  const board = createBoard();
  const resets = createResets();
  // Called as it is, a browser's fetch must not lose its window.
  const fetch: typeof globalThis.fetch = options.fetch ?? ((...request) => globalThis.fetch(...request));
  const http = { url, fetch, tokens, headers, attempts };
  const connection = createConnection({
    url: options.webSocketUrl ?? socketUrlOf(url),
    WebSocket: WebSocket as SocketClass,
    tokens,
    keepAlive,
    patience,
    longestPause,
    linger,
    onLink: board.onLink,
    onAnswer: board.onAnswer,
  });
  const reset = (event: Parameters<ResetListener>[0], sink: Sink): Promise<void> | undefined => {
    const own = sink.reset && (async () => sink.reset?.(event))();
    const all = resets.tell(event);
    // What cannot be fetched now is no reason to hear nothing any more.
    return own || all ? Promise.allSettled([own, all]).then(() => {}) : undefined;
  };
  const around = { connection, longestPause, note: board.note, reset };
  const following = new Set<() => void>();
  const stopWatching = watchWorld(connection.wake);

  return {
    execute: (request, { signal } = {}) => execute(http, request, signal),
    subscribe(request, sink) {
      const end = follow(around, request, sink as Sink);
      const stop = (): void => {
        following.delete(stop);
        end();
      };
      following.add(stop);
      return stop;
    },
    get status() {
      return board.status;
    },
    onStatus: board.listen,
    onReset: resets.listen,
    wake: connection.wake,
    close() {
      stopWatching();
      following.forEach((stop) => stop());
      connection.close();
    },
  };
}

/** Also of an address without a host, such as /graphql in a page. */
function socketUrlOf(url: string): string {
  const base = typeof location === 'undefined' ? undefined : location.href;
  return new URL(url, base).href.replace(/^http/, 'ws');
}

/** A laptop that wakes, a phone that finds a network, a page that is looked at again. */
function watchWorld(wake: () => void): () => void {
  if (typeof addEventListener !== 'function' || typeof document === 'undefined') return () => {};
  const look = (): void => {
    if (document.visibilityState === 'visible') wake();
  };
  addEventListener('online', wake);
  addEventListener('offline', wake);
  document.addEventListener('visibilitychange', look);
  return () => {
    removeEventListener('online', wake);
    removeEventListener('offline', wake);
    document.removeEventListener('visibilitychange', look);
  };
}
