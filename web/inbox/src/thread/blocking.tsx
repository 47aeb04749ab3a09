// Whom the viewer has blocked. That somebody has blocked the viewer is not told; it shows when they write.
import { useMemo } from 'react';
import { useClient } from 'urql';
import { useTell } from '../actions/notice';
import { BlockDocument, type ThreadQuery } from '../api/generated';
import { useWords } from '../i18n/language';
import { MenuItem } from '../ui/menu';
import { words } from './words';

/** The other one of a pair, and whether the viewer has blocked them. */
export type Counterpart = NonNullable<NonNullable<ThreadQuery['conversation']>['counterpart']>['user'];

/** It shows when the server has done it; if it does not, a notice says why. */
export function useBlock(): (user: Counterpart, blocked: boolean) => Promise<void> {
  const { notBlocked } = useWords(words);
  const client = useClient();
  const tell = useTell(useMemo(() => ({ NOT_FOUND: notBlocked, INVALID: notBlocked }), [notBlocked]));
  return async ({ id: userId }, blocked) => {
    const { data, error } = await client.mutation(BlockDocument, { userId, blocked }).toPromise();
    tell(data?.blockUser, error);
  };
}

export function BlockItem({ user }: { user: Counterpart }) {
  const w = useWords(words);
  const block = useBlock();
  const { name, viewerHasBlocked } = user;
  return (
    <MenuItem icon="lock" onChoose={() => void block(user, !viewerHasBlocked)}>
      {viewerHasBlocked ? w.unblock(name) : w.block(name)}
    </MenuItem>
  );
}
