// Why something was not done, as the server or the connection had it.
import type { CombinedError } from 'urql';

/** A code of the server's, UNREACHABLE, or REFUSED for whatever has none. Null: it was done. */
export type Refusal = string | null;

export function refusalIn(errors: readonly { code: string }[] | undefined, error: CombinedError | undefined): Refusal {
  const [refused] = errors ?? [];
  if (refused) return refused.code;
  if (!error) return null;
  if (error.networkError) return 'UNREACHABLE';
  const code = error.graphQLErrors[0]?.extensions.code;
  return typeof code === 'string' ? code : 'REFUSED';
}

/** More than this a timer cannot wait; in milliseconds. */
const LONGEST = 2 ** 31 - 1;

/** Milliseconds after which the server takes the same again, when it was too early and the server says how long. */
export function retryAfterIn(problem: { extensions?: Record<string, unknown> } | undefined): number | undefined {
  const { retryAfterMs } = problem?.extensions ?? {};
  return typeof retryAfterMs === 'number' ? Math.min(retryAfterMs, LONGEST) : undefined;
}
