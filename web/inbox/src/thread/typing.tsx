// Who types: told while it goes on, believed for as long as the server says.
import { useCallback, useEffect, useRef, useState } from 'react';
import { useClient, useSubscription } from 'urql';
import { SetTypingDocument, TypingDocument } from '../api/generated';
import { useWords } from '../i18n/language';
import styles from './typing.module.css';
import { words } from './words';

/** How often it is told again, while somebody types. The others believe it for six seconds, unless settings say otherwise. */
const AGAIN = 2_500;

/** Call it with every stroke: it tells the server as seldom as it can. */
export function useTellTyping(conversationId: string): (isTyping: boolean) => void {
  const client = useClient();
  const toldAt = useRef(0);
  return useCallback(
    (isTyping) => {
      const now = Date.now();
      if (isTyping ? now - toldAt.current < AGAIN : toldAt.current === 0) return;
      toldAt.current = isTyping ? now : 0;
      void client.mutation(SetTypingDocument, { conversationId, isTyping }).toPromise();
    },
    [client, conversationId],
  );
}

function useTypists(conversationId: string): string[] {
  const [typists, setTypists] = useState<Record<string, { name: string; until: number }>>({});
  useSubscription({ query: TypingDocument, variables: { conversationId } }, (_, told) => {
    const { user, isTyping, expiresInMs } = told.typing;
    setTypists(({ [user.id]: _, ...others }) =>
      isTyping ? { ...others, [user.id]: { name: user.name, until: Date.now() + expiresInMs } } : others,
    );
    return told;
  });
  useEffect(() => {
    const ends = Object.values(typists).map(({ until }) => until);
    if (ends.length === 0) return;
    const forget = (): void =>
      setTypists((all) => Object.fromEntries(Object.entries(all).filter(([, { until }]) => until > Date.now())));
    const timer = setTimeout(forget, Math.max(0, Math.min(...ends) - Date.now()) + 20);
    return () => clearTimeout(timer);
  }, [typists]);
  return Object.values(typists).map(({ name }) => name);
}

export function TypingLine({ conversationId }: { conversationId: string }) {
  const w = useWords(words);
  const names = useTypists(conversationId);
  return (
    <div className={styles.line} role="status" data-testid="typing">
      {names.length > 0 && (
        <p className={styles.words}>
          <span className={styles.dots} aria-hidden="true">
            <span />
            <span />
            <span />
          </span>
          <span>{w.isTyping(names.join(', '))}</span>
        </p>
      )}
    </div>
  );
}
