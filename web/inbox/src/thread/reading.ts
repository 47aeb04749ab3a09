// Asks until there is an answer: without a network there is one later.
import type { Client } from 'urql';
import { retryAfterIn } from '../api/refusal';
import type { Read } from './source';

/** Between two attempts to read, in milliseconds. */
const AGAIN = 1_500;
/** After these the same question would be answered in the same way. */
const FINAL = new Set(['BAD_USER_INPUT', 'GRAPHQL_VALIDATION_FAILED', 'FORBIDDEN', 'NOT_FOUND']);

/** Nothing is read when the server refuses, and when the answer is not wanted any more. */
export const readerOf =
  (client: Client, isOver: () => boolean): Read =>
  async (document, variables) => {
    while (!isOver()) {
      const { data, error } = await client.query(document, variables, { requestPolicy: 'network-only' }).toPromise();
      if (data && !error) return data;
      const problem = error?.graphQLErrors[0];
      const code = problem?.extensions.code;
      if (typeof code === 'string' && FINAL.has(code)) return {};
      await new Promise((resolve) => setTimeout(resolve, retryAfterIn(problem) ?? AGAIN));
    }
    return {};
  };
