// One socket that comes back: graphql-transport-ws, with all operations begun anew on every connection.
import { pacer } from './pacer.js';
import { pauseAfter } from './pause.js';
import type { Tokens } from './token.js';
import { PalaverError, type ExecutionResult, type GraphQLProblem, type Request, type SocketClass, type SocketLike } from './types.js';

/** Only mending the client helps. Any other close is worth coming back, the sooner or later. */
const FINAL = new Set([1009, 4400, 4401, 4406, 4409, 4429]);
/** The server asks to be left alone for a while: too many sockets or frames, or nobody can be let in. */
const LATER = new Set([1008, 1013]);
const FIRST_LATER_PAUSE = 1_000;
const REFUSED = 4403;
/** A connection that ends sooner, in milliseconds, counts as one that failed. */
const SHORT_LIFE = 1_000;

/** Something that runs on the socket, for as long as it is there. */
export interface Operation {
  /** Asked on each connection anew: what to send. */
  begin(): Request;
  next(result: ExecutionResult): void;
  /** The server refused it, or ended it, or no connection can be had: it is over. */
  error(cause: PalaverError): void;
  complete(): void;
}

export type Link = 'idle' | 'connecting' | 'open' | 'offline';

export interface Options {
  url: string;
  WebSocket: SocketClass;
  tokens: Tokens;
  /** After so many milliseconds the server is asked whether it is there, */
  keepAlive: number;
  /** and has so many to answer: this, and the opening of the connection. */
  patience: number;
  longestPause: number;
  /** How long a socket with nothing on it is kept. */
  linger: number;
  onLink(link: Link, retryAt?: number, problem?: PalaverError): void;
  /** The server has read all that was begun so far. */
  onAnswer(): void;
}

export interface Connection {
  add(operation: Operation): void;
  /** Says nothing to it any more. */
  remove(operation: Operation): void;
  /** The world may have changed: try now, or see whether the connection lives. */
  wake(): void;
  close(): void;
}

interface Frame {
  id?: string;
  type: string;
  payload?: unknown;
}

export function createConnection(options: Options): Connection {
  const { tokens, keepAlive, patience, linger, onLink, onAnswer } = options;
  /** Under which id each runs on the present socket; undefined while it runs on none. */
  const operations = new Map<Operation, string | undefined>();
  const running = new Map<string, Operation>();
  let socket: SocketLike | undefined;
  let link: Link = 'idle';
  let openedAt = 0;
  /** Of attempts, so that what belongs to an earlier one is not taken for this one's. */
  let attempt = 0;
  let ids = 0;
  let failures = 0;
  let refusals = 0;
  /** Pings on this socket that are not answered yet. */
  let pings = 0;
  let isAsking = false;
  let token = '';
  const timers: Record<string, ReturnType<typeof setTimeout> | undefined> = {};
  const { send, unsend, stop: stopSending } = pacer((text) => socket?.send(text));

  const at = (name: string, milliseconds: number, act: () => void): void => {
    clearTimeout(timers[name]);
    timers[name] = setTimeout(act, milliseconds);
  };
  const off = (...names: string[]): void => names.forEach((name) => clearTimeout(timers[name]));

  function change(next: Link, retryAt?: number, problem?: PalaverError): void {
    link = next;
    onLink(next, retryAt, problem);
  }

  function connect(): void {
    off('retry', 'linger');
    const mine = (attempt += 1);
    const isMine = (): boolean => mine === attempt;
    change('connecting');
    at('patience', patience, () => drop(0, 'Nobody answered in time'));
    tokens.get().then(
      (fresh) => isMine() && open(fresh, isMine),
      (cause: unknown) => isMine() && drop(0, 'There is no token', cause),
    );
  }

  function open(fresh: string, isMine: () => boolean): void {
    token = fresh;
    const opening = (socket = new options.WebSocket(options.url, 'graphql-transport-ws'));
    opening.onopen = () => isMine() && send({ type: 'connection_init', payload: { authorization: `Bearer ${fresh}` } });
    opening.onmessage = ({ data }: { data: unknown }) => isMine() && take(JSON.parse(String(data)) as Frame);
    opening.onclose = ({ code, reason }: { code: number; reason: string }) => isMine() && drop(code, reason);
    // A close follows; the package ws needs a listener.
    opening.onerror = () => {};
  }

  function take(frame: Frame): void {
    // Whatever is said, the server is there.
    listen();
    const operation = running.get(frame.id ?? '');
    if (frame.type === 'connection_ack') {
      openedAt = Date.now();
      // First begin, then tell: streams say what they have to catch up with.
      [...operations.keys()].forEach(begin);
      change('open');
      rest();
    } else if (frame.type === 'ping') {
      send({ type: 'pong' });
    } else if (frame.type === 'pong') {
      // Frames are read in order; an answer to an earlier ping says nothing of what was begun after it.
      if (pings && (pings -= 1) === 0 && !isAsking) onAnswer();
    } else if (operation && frame.type === 'next') {
      failures = 0;
      operation.next(frame.payload as ExecutionResult);
    } else if (operation && (frame.type === 'error' || frame.type === 'complete')) {
      forget(operation);
      if (frame.type === 'complete') operation.complete();
      else operation.error(PalaverError.of(frame.payload as GraphQLProblem[]));
    }
  }

  /** Ask after a while of silence whether anybody is there; a laptop that slept has a socket that is open and dead. */
  function listen(): void {
    off('patience');
    at('listen', keepAlive, ping);
  }

  function ping(): void {
    ask();
    at('patience', patience, () => drop(0, 'The connection was silent'));
  }

  function ask(): void {
    pings += 1;
    send({ type: 'ping' });
  }

  /** Once for all that is begun together. */
  function askSoon(): void {
    if (isAsking) return;
    isAsking = true;
    const mine = attempt;
    queueMicrotask(() => {
      isAsking = false;
      if (mine === attempt) ask();
    });
  }

  function begin(operation: Operation): void {
    const id = String((ids += 1));
    operations.set(operation, id);
    running.set(id, operation);
    send({ id, type: 'subscribe' }, () => operation.begin());
    askSoon();
  }

  function forget(operation: Operation): string | undefined {
    const id = operations.get(operation);
    operations.delete(operation);
    if (id) running.delete(id);
    rest();
    return id;
  }

  function rest(): void {
    if (operations.size) off('linger');
    else if (link === 'offline') leave('idle');
    else at('linger', linger, () => leave('idle'));
  }

  /** Let go of the socket. What it still says is nobody's. */
  function leave(next: Link, retryAt?: number, problem?: PalaverError): void {
    attempt += 1;
    off('patience', 'listen', 'linger', 'retry');
    stopSending();
    pings = 0;
    running.clear();
    operations.forEach((_, operation) => operations.set(operation, undefined));
    socket?.close(1000);
    socket = undefined;
    change(next, retryAt, problem);
  }

  function drop(code: number, reason: string, cause?: unknown): void {
    const problem = new PalaverError(reason || `The connection was closed: ${code}`, code, [], cause);
    if (FINAL.has(code)) {
      const over = [...operations.keys()];
      operations.clear();
      leave('idle', undefined, problem);
      over.forEach((operation) => operation.error(problem));
      return;
    }
    const lived = link === 'open' ? Date.now() - openedAt : 0;
    if (lived > SHORT_LIFE) failures = refusals = 0;
    failures += 1;
    if (code === REFUSED) {
      tokens.refuse(token);
      refusals += 1;
    }
    if (!operations.size) return leave('idle', undefined, problem);
    // A token that has just ended is renewed at once; a fresh one that is refused too has to wait like any failure.
    const wait =
      code === REFUSED && refusals === 1
        ? 0
        : pauseAfter(failures, options.longestPause, LATER.has(code) ? FIRST_LATER_PAUSE : undefined);
    leave('offline', Date.now() + wait, problem);
    at('retry', wait, connect);
  }

  return {
    add(operation) {
      operations.set(operation, undefined);
      off('linger');
      if (link === 'open') begin(operation);
      else if (link === 'idle') connect();
    },
    remove(operation) {
      const id = forget(operation);
      if (id && !unsend(id)) send({ id, type: 'complete' });
    },
    wake() {
      if (link === 'open') ping();
      else if (link === 'offline') connect();
    },
    close() {
      operations.clear();
      leave('idle');
    },
  };
}
