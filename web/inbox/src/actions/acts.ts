// What is done with a message. A reaction shows at once, and is taken back when the server refuses it; whoever changes their mind
// before it is answered is asked for once more, so that requests that overtake each other change nothing.
import { useMemo } from 'react';
import type { Client } from 'urql';
import { DeleteDocument, EditDocument, ReactDocument } from '../api/generated';
import type { Message } from '../api/messages-in';
import { useSession } from '../api/session';
import { useTell } from './notice';
import { withReaction } from './reaction';

export interface Acts {
  react(message: Message, emoji: string, reacted: boolean): Promise<void>;
  /** Was it done? If not, a notice says why. */
  edit(message: Message, body: string): Promise<boolean>;
  remove(message: Message): Promise<void>;
}

/** By message and emoji, of which something is on its way: what the viewer wants last. */
const wishes = new WeakMap<Client, Map<string, boolean>>();

const wishesOf = (client: Client): Map<string, boolean> => {
  const known = wishes.get(client) ?? new Map<string, boolean>();
  wishes.set(client, known);
  return known;
};

export function useActs(): Acts {
  const { client, threads, viewer } = useSession();
  const tell = useTell();
  return useMemo(
    () => ({
      async react(message, emoji, reacted) {
        const self = viewer.get()?.user;
        const show = (before: Message, wish: boolean): void => {
          if (self) threads.take(withReaction(before, emoji, self, wish));
        };
        show(message, reacted);
        const wished = wishesOf(client);
        const key = `${message.id} ${emoji}`;
        const isOnItsWay = wished.has(key);
        wished.set(key, reacted);
        if (isOnItsWay) return;
        let known = message;
        for (let asked: boolean | undefined; asked !== wished.get(key); ) {
          asked = wished.get(key) ?? reacted;
          const { data, error } = await client.mutation(ReactDocument, { messageId: message.id, emoji, reacted: asked }).toPromise();
          if (!tell(data?.react, error)) {
            threads.take(known);
            break;
          }
          known = data?.react.message ?? known;
          // The answer has shown how it was: it is not what is wanted any more.
          const wish = wished.get(key) ?? asked;
          if (wish !== asked) show(known, wish);
        }
        wished.delete(key);
      },
      async edit(message, body) {
        const { data, error } = await client.mutation(EditDocument, { messageId: message.id, body }).toPromise();
        return tell(data?.editMessage, error);
      },
      async remove(message) {
        const { data, error } = await client.mutation(DeleteDocument, { messageId: message.id }).toPromise();
        tell(data?.deleteMessage, error);
      },
    }),
    [client, threads, viewer, tell],
  );
}
