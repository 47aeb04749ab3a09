// Where staff were and what they looked for, while they are in a conversation: going back goes there.
import type { StaffRoute } from '../app/routes';
import { useSession, type Session } from '../api/session';

export interface Sought {
  query: string;
  kind: string;
  state: 'OPEN' | 'CLOSED' | null;
}

interface Kept {
  list: Extract<StaffRoute, { at: 'staff' }>;
  sought: Sought;
}

const kept = new WeakMap<Session, Kept>();

export function useKept(): Kept {
  const session = useSession();
  const known = kept.get(session) ?? {
    list: { at: 'staff', tab: 'conversations' },
    sought: { query: '', kind: '', state: null },
  };
  kept.set(session, known);
  return known;
}
