// A list that is read page by page, from the server each time: every look is in the audit log, so the cache gives none.
import { useCallback, useEffect, useRef, useState } from 'react';

export interface Page<T> {
  items: T[];
  /** Null: there is no more. */
  next: string | null;
}

export interface Pages<T> {
  items: readonly T[];
  status: 'loading' | 'ready' | 'failed';
  hasMore: boolean;
  loadMore(): void;
  reload(): void;
  /** Reads what is shown once more, and shows it until then. */
  refresh(): void;
}

/** `read` must stay the same function; null from it: it could not be read. */
export function usePages<T>(read: (cursor: string | null) => Promise<Page<T> | null>): Pages<T> {
  const [items, setItems] = useState<readonly T[]>([]);
  const [status, setStatus] = useState<Pages<T>['status']>('loading');
  const [next, setNext] = useState<string | null>(null);
  const newest = useRef(0);

  const load = useCallback(
    async (cursor: string | null): Promise<void> => {
      const mine = ++newest.current;
      setStatus('loading');
      const page = await read(cursor);
      if (mine !== newest.current) return;
      setStatus(page ? 'ready' : 'failed');
      if (!page) return;
      setItems((before) => (cursor === null ? page.items : [...before, ...page.items]));
      setNext(page.next);
    },
    [read],
  );

  const refresh = async (): Promise<void> => {
    if (status === 'loading') return;
    const mine = ++newest.current;
    const fresh: T[] = [];
    let cursor: string | null = null;
    do {
      const page: Page<T> | null = await read(cursor);
      if (mine !== newest.current) return;
      if (page === null) return setStatus('failed');
      fresh.push(...page.items);
      cursor = page.next;
    } while (cursor !== null && fresh.length < items.length);
    setItems(fresh);
    setNext(cursor);
    setStatus('ready');
  };

  useEffect(() => {
    void load(null);
    return () => {
      newest.current += 1;
    };
  }, [load]);

  return {
    items,
    status,
    hasMore: next !== null,
    loadMore: () => void (next !== null && status === 'ready' && load(next)),
    refresh: () => void refresh(),
    reload: () => void load(items.length > 0 ? next : null),
  };
}
