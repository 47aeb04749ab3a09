// Messages as events and answers to acts have them. An answer that an event about the same message has overtaken is older.
import type { Exchange } from 'urql';
import { pipe, tap } from 'wonka';
import { messagesIn, type Edge, type Message } from './messages-in';

/** `take` hears of them before whoever asked, and never of an older one after a newer one. */
export const messagesTold =
  (take: (message: Message, edge?: Edge) => void): Exchange =>
  ({ forward }) => {
    /** By the act that is not answered yet: what events have told of since it was asked. */
    const told = new Map<number, Set<string>>();
    return (operations) =>
      pipe(
        operations,
        tap(({ kind, key }) => {
          if (kind === 'mutation') told.set(key, new Set());
        }),
        forward,
        tap(({ operation: { kind, key }, data }) => {
          if (kind === 'query') return;
          const overtaken = told.get(key);
          if (kind === 'mutation') told.delete(key);
          messagesIn(data, (message, edge) => {
            if (kind === 'subscription') for (const known of told.values()) known.add(message.id);
            if (!overtaken?.has(message.id)) take(message, edge);
          });
        }),
      );
  };
