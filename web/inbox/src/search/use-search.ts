// Searches while one writes: the answer to what was written last is what is shown.
import { useEffect, useRef, useState } from 'react';
import { useClient } from 'urql';
import { ConversationsDocument, SearchMessagesDocument, type SearchHitFragment } from '../api/generated';
import type { Conversation } from '../conversations/people';

export type Hit = SearchHitFragment;

interface Found {
  query: string;
  status: 'ready' | 'failed';
  hits: readonly Hit[];
  conversations: readonly Conversation[];
  /** Where more of it is; null when that is all. */
  more: string | null;
}

export interface Search {
  status: 'searching' | 'ready' | 'failed';
  /** Those of the words before, while new ones are looked for. */
  hits: readonly Hit[];
  /** Some of those whose thing or people are called so, the newest first. */
  conversations: readonly Conversation[];
  hasMore: boolean;
  loadMore(): void;
  reload(): void;
}

const PAGE = 20;
/** So few conversations that what was said is in sight below them. */
const FEW = 5;
/** Who writes quickly is not answered at every letter; in milliseconds. */
const PAUSE = 180;

export function useSearch(query: string): Search {
  const client = useClient();
  const [found, setFound] = useState<Found | null>(null);
  const [attempt, setAttempt] = useState(0);
  const isLoadingMore = useRef(false);
  const wanted = useRef(query);
  wanted.current = query;

  const askForConversations = async (): Promise<readonly Conversation[]> => {
    const variables = { first: FEW, filter: { query, archived: null } };
    const { data } = await client.query(ConversationsDocument, variables, { requestPolicy: 'network-only' }).toPromise();
    // The cache may give what came earlier for the same words, too.
    return data?.conversations.edges.slice(0, FEW).map(({ node }) => node) ?? [];
  };

  const ask = async (after: string | null): Promise<void> => {
    const variables = { query, first: PAGE, after };
    const [{ data, error }, named] = await Promise.all([
      client.query(SearchMessagesDocument, variables, { requestPolicy: 'network-only' }).toPromise(),
      after === null ? askForConversations() : [],
    ]);
    if (wanted.current !== query) return;
    const page = data && !error ? data.searchMessages : undefined;
    setFound((before) => {
      const earlier = after !== null && before?.query === query ? before : undefined;
      // A page that did not come is asked for at the next scroll.
      if (!page) return earlier ?? { query, status: 'failed', hits: [], conversations: [], more: null };
      const { hasNextPage, endCursor } = page.pageInfo;
      return {
        query,
        status: 'ready',
        hits: [...(earlier?.hits ?? []), ...page.edges],
        conversations: earlier?.conversations ?? named,
        more: hasNextPage ? endCursor : null,
      };
    });
  };

  useEffect(() => {
    const timer = setTimeout(() => void ask(null), PAUSE);
    return () => clearTimeout(timer);
  }, [client, query, attempt]);

  const isCurrent = found?.query === query;
  return {
    status: isCurrent ? found.status : 'searching',
    hits: found?.hits ?? [],
    conversations: found?.conversations ?? [],
    hasMore: isCurrent && found.more !== null,
    loadMore() {
      if (!isCurrent || found.more === null || isLoadingMore.current) return;
      isLoadingMore.current = true;
      void ask(found.more).finally(() => {
        isLoadingMore.current = false;
      });
    },
    reload() {
      setFound(null);
      setAttempt(attempt + 1);
    },
  };
}
