// To a message, wherever one is: to its thread, and there to its place, also when one is in that thread already.
import { useNavigation } from '../app/navigation';
import { useSession } from '../api/session';

export function useJump(): (conversationId: string, messageId: string) => void {
  const { route, go } = useNavigation();
  const { threads } = useSession();
  return (id, messageId) => {
    const isThere = route.at === 'conversation' && route.id === id && route.messageId === messageId;
    // The same place once more is no other place, and yet one wants to see it.
    if (isThere) threads.open(id, messageId);
    else go({ at: 'conversation', id, messageId });
  };
}
