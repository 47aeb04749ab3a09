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
