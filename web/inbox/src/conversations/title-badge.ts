// The title of the browser's tab says how much is unread.
import { useEffect } from 'react';
import { useSession } from '../api/session';
import { useStore } from '../api/store';
import { useCounts } from './counts';

export function useTitleBadge(): void {
  const { unreadMessages } = useCounts();
  const name = useStore(useSession().viewer)?.user.name;
  useEffect(() => {
    const count = unreadMessages > 0 ? `(${unreadMessages}) ` : '';
    document.title = `${count}${name === undefined ? '' : `${name} · `}Palaver`;
  }, [unreadMessages, name]);
}
