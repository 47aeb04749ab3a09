// Queries and mutations, by GraphQL over HTTP.
import { bodyOf } from './body.js';
import { pause, pauseAfter } from './pause.js';
import type { Tokens } from './token.js';
import { PalaverError, codeOf, type ExecutionResult, type Request } from './types.js';

/** What proxies say while the server is away. */
const AWAY = new Set([502, 503, 504]);
const LONGEST_PAUSE = 5_000;

export interface Http {
  url: string;
  fetch: typeof fetch;
  tokens: Tokens;
  headers: Record<string, string>;
  /** How often a request is sent until it is answered. */
  attempts: number;
}

/**
 * Sent again when nothing was answered. That is safe: every mutation of Palaver's can be repeated, a send by its
 * `clientMessageId`. A refused token is renewed once.
 */
export async function execute<Data>(
  { url, fetch, tokens, headers, attempts }: Http,
  request: Request,
  signal?: AbortSignal,
): Promise<ExecutionResult<Data>> {
  const { body, headers: ofBody } = bodyOf(request);
  const accept = 'application/graphql-response+json, application/json';
  let isRenewed = false;
  for (let failures = 1; ; failures += 1) {
    let problem: PalaverError;
    let hasToken = false;
    try {
      const token = await tokens.get();
      hasToken = true;
      const authorization = `Bearer ${token}`;
      const asked = { ...headers, accept, ...ofBody, authorization };
      const response = await fetch(url, { method: 'POST', headers: asked, body, signal: signal ?? null });
      const result = await read<Data>(response);
      const isRefused = response.status === 401 || codeOf(result?.errors) === 'UNAUTHENTICATED';
      if (isRefused && !isRenewed) {
        tokens.refuse(token);
        isRenewed = true;
        failures -= 1;
        continue;
      }
      const mayComeBack = AWAY.has(response.status) && failures < attempts;
      if (result && !mayComeBack) return result;
      problem = new PalaverError(`The answer is no GraphQL: HTTP status ${response.status}`, response.status);
      if (!mayComeBack) throw problem;
    } catch (cause) {
      if (signal?.aborted || cause instanceof PalaverError) throw cause;
      problem = new PalaverError(hasToken ? 'There is no connection' : 'There is no token', 0, [], cause);
    }
    if (failures >= attempts) throw problem;
    await pause(pauseAfter(failures, LONGEST_PAUSE), signal);
  }
}

/** Nothing when it is not what a GraphQL server says. */
async function read<Data>(response: Response): Promise<ExecutionResult<Data> | undefined> {
  const text = await response.text();
  try {
    const value: unknown = JSON.parse(text);
    const isResult = typeof value === 'object' && value !== null && ('data' in value || 'errors' in value);
    return isResult ? (value as ExecutionResult<Data>) : undefined;
  } catch {
    return undefined;
  }
}
