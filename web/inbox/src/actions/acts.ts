// What is done with a message. A reaction shows at once, and is taken back when the server refuses it.
import { useMemo } from 'react';
import type { CombinedError } from 'urql';
import { DeleteDocument, EditDocument, ReactDocument } from '../api/generated';
import type { Message } from '../api/messages-in';
import { useSession } from '../api/session';
import { useWords } from '../i18n/language';
import { withReaction } from './reaction';
import { useTools } from './tools';
import { words } from './words';

export interface Acts {
  react(message: Message, emoji: string, reacted: boolean): Promise<void>;
  /** Was it done? If not, a notice says why. */
  edit(message: Message, body: string): Promise<boolean>;
  remove(message: Message): Promise<void>;
}

type Refusal = Extract<keyof (typeof words)['en'], Uppercase<string>>;

export function useActs(): Acts {
  const w = useWords(words);
  const { client, threads, viewer } = useSession();
  const { notice } = useTools();
  return useMemo(() => {
    /** Nothing to tell when it was done. */
    const tell = (refusals: readonly { code: string }[] | undefined, error: CombinedError | undefined): boolean => {
      const [refusal] = refusals ?? [];
      if (refusal === undefined && !error) {
        notice.set(null);
        return true;
      }
      const code = refusal?.code ?? (error?.networkError ? 'UNREACHABLE' : 'REFUSED');
      notice.set(code in w ? w[code as Refusal] : w.REFUSED);
      return false;
    };
    return {
      async react(message, emoji, reacted) {
        const self = viewer.get()?.user;
        if (self) threads.take(withReaction(message, emoji, self, reacted));
        const variables = { messageId: message.id, emoji, reacted };
        const { data, error } = await client.mutation(ReactDocument, variables).toPromise();
        if (!tell(data?.react.errors, error)) threads.take(message);
      },
      async edit(message, body) {
        const { data, error } = await client.mutation(EditDocument, { messageId: message.id, body }).toPromise();
        return tell(data?.editMessage.errors, error);
      },
      async remove(message) {
        const { data, error } = await client.mutation(DeleteDocument, { messageId: message.id }).toPromise();
        tell(data?.deleteMessage.errors, error);
      },
    };
  }, [client, threads, viewer, notice, w]);
}
