// Who of the people in sight is online: the events land in the cache, and so wherever a person is shown.
import { useMemo } from 'react';
import { useSubscription } from 'urql';
import { PresenceDocument } from '../api/generated';
import { useStatus } from '../api/status';
import { counterpartIn, type Conversation, type Participant } from './people';

/** Without a connection nobody knows: who was there may have left, and who was not may have come. */
export function usePresenceOf(participant: Participant | undefined): Participant['user']['presence'] {
  const { state } = useStatus();
  return state === 'offline' || state === 'connecting' ? null : (participant?.user.presence ?? null);
}

export const useIsOnline = (participant: Participant | undefined): boolean => usePresenceOf(participant)?.status === 'ONLINE';

/** As many people as one subscription may follow. */
const MOST = 100;

/**
 * Of more people than that, those of the first conversations are followed. Of some nothing is told, as of whom a block
 * binds: with one of them no stream would begin. When it is told again, they are followed again.
 */
export function usePresence(conversations: readonly Conversation[]): void {
  const ids = conversations.flatMap((one) => {
    const user = counterpartIn(one)?.user;
    return user?.presence ? user.id : [];
  });
  const key = [...new Set(ids)].slice(0, MOST).sort().join(' ');
  const userIds = useMemo(() => key.split(' ').filter(Boolean), [key]);
  useSubscription({ query: PresenceDocument, variables: { userIds }, pause: userIds.length === 0 });
}
