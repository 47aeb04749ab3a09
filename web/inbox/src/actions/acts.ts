// What is done with a message. A reaction shows at once, and is taken back when the server refuses it.
import { useMemo } from 'react';
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

export function useActs(): Acts {
  const { client, threads, viewer } = useSession();
  const tell = useTell();
  return useMemo(
    () => ({
      async react(message, emoji, reacted) {
        const self = viewer.get()?.user;
        if (self) threads.take(withReaction(message, emoji, self, reacted));
        const variables = { messageId: message.id, emoji, reacted };
        const { data, error } = await client.mutation(ReactDocument, variables).toPromise();
        if (!tell(data?.react, error)) threads.take(message);
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
