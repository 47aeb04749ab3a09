// What the connection is like now.
import type { Status } from '@palaver/client';
import { useSyncExternalStore } from 'react';
import { useSession } from './session';

export function useStatus(): Status {
  const { palaver } = useSession();
  return useSyncExternalStore(
    (listener) => palaver.onStatus(listener),
    () => palaver.status,
  );
}
