// What goes in and what comes out.

/** What a server answers, as GraphQL over HTTP and graphql-transport-ws have it. */
export interface ExecutionResult<Data = Record<string, unknown>> {
  data?: Data | null;
  errors?: readonly GraphQLProblem[];
  extensions?: Record<string, unknown>;
}

/** One of the errors of an answer; `extensions.code` is for programs. */
export interface GraphQLProblem {
  message: string;
  path?: readonly (string | number)[];
  locations?: readonly { line: number; column: number }[];
  extensions?: { [name: string]: unknown; code?: string };
}

/** An operation: its text, or the id of a registered document. */
export interface Request {
  query?: string;
  documentId?: string;
  operationName?: string;
  variables?: Record<string, unknown>;
  extensions?: Record<string, unknown>;
}

/** Too much was missed, or the database was restored: what the page shows has to be fetched again. */
export interface Reset {
  /** Where the stream goes on; null when that is only known once it goes on. */
  cursor: string | null;
  reason: string;
  /** Whose stream it was. */
  request: Request;
}

export interface Sink<Data = Record<string, unknown>> {
  next(result: ExecutionResult<Data>): void;
  /** The stream has ended, and it does not help to come back. */
  error(cause: PalaverError): void;
  complete(): void;
  /** Fetch again; the stream goes on when that is done. Without it and `onReset` the stream tells it as it came. */
  reset?(event: Reset): void | Promise<unknown>;
}

/** Why the host's token is asked for: the first time, because it ends soon, or because the server refused it. */
export type TokenReason = 'start' | 'expiring' | 'refused';
export type GetToken = (reason: TokenReason) => string | Promise<string>;

export interface Status {
  /**
   * `idle`: nothing is followed. `connecting`: no connection yet. `catching-up`: what was missed is coming.
   * `live`: what is shown is what is so. `offline`: there was no connection; another attempt is made at `retryAt`.
   */
  state: 'idle' | 'connecting' | 'catching-up' | 'live' | 'offline';
  /** Since when, in milliseconds since 1970. */
  since: number;
  retryAt?: number;
  /** Why it is offline. */
  problem?: PalaverError;
}

/** The part of a WebSocket that is used here; the browser's, or that of the package ws. */
export interface SocketLike {
  onopen: ((event: never) => void) | null;
  onmessage: ((event: never) => void) | null;
  onclose: ((event: never) => void) | null;
  onerror: ((event: never) => void) | null;
  send(text: string): void;
  close(code?: number, reason?: string): void;
}
export type SocketClass = new (url: string, protocol: string) => SocketLike;

/** An operation or a connection failed. */
export class PalaverError extends Error {
  override readonly name = 'PalaverError';

  /**
   * `code` is that of the first GraphQL error, the status of an HTTP answer, or the code that closed the socket; 0 when
   * nothing was answered.
   */
  constructor(
    message: string,
    readonly code: string | number,
    readonly errors: readonly GraphQLProblem[] = [],
    cause?: unknown,
  ) {
    super(message, { cause });
  }

  static of(errors: readonly GraphQLProblem[]): PalaverError {
    return new PalaverError(errors[0]?.message ?? 'The operation failed', codeOf(errors) ?? 0, errors);
  }
}

export const codeOf = (errors: readonly GraphQLProblem[] | undefined): string | undefined =>
  errors?.find(({ extensions }) => extensions?.code)?.extensions?.code;
