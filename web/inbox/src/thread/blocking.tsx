// Whom the viewer has blocked. That somebody has blocked the viewer is not told; it shows when they write.
import { useClient, useQuery } from 'urql';
import { BlockDocument, BlockedDocument } from '../api/generated';
import { useWords } from '../i18n/language';
import { MenuItem } from '../ui/menu';
import { words } from './words';

interface User {
  id: string;
  name: string;
}

export interface Blocking {
  isBlocked: boolean;
  setBlocked(blocked: boolean): Promise<void>;
}

export function useBlocking(userId: string | undefined): Blocking {
  const client = useClient();
  const [{ data }] = useQuery({ query: BlockedDocument, requestPolicy: 'cache-first', pause: userId === undefined });
  return {
    isBlocked: data?.blockedUsers.edges.some(({ node }) => node.id === userId) ?? false,
    async setBlocked(blocked) {
      if (userId === undefined) return;
      await client.mutation(BlockDocument, { userId, blocked }).toPromise();
      // The list is read again, whoever shows it: the menu that this was chosen from is gone by now.
      await client.query(BlockedDocument, {}, { requestPolicy: 'network-only' }).toPromise();
    },
  };
}

export function BlockItem({ user }: { user: User }) {
  const w = useWords(words);
  const { isBlocked, setBlocked } = useBlocking(user.id);
  return (
    <MenuItem icon="lock" onChoose={() => void setBlocked(!isBlocked)}>
      {isBlocked ? w.unblock(user.name) : w.block(user.name)}
    </MenuItem>
  );
}
