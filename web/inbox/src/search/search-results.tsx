// What was found: conversations by their people and things, and messages, the best first. One leads to its place in its thread.
import type { MouseEvent, RefObject } from 'react';
import { useSession } from '../api/session';
import { useStore } from '../api/store';
import { ConversationRow } from '../conversations/conversation-row';
import { useRovingFocus } from '../conversations/roving-focus';
import { useLanguage, useWords } from '../i18n/language';
import { brief, whole } from '../i18n/times';
import { useToday } from '../i18n/today';
import { Avatar } from '../ui/avatar';
import { Button } from '../ui/button';
import { Empty } from '../ui/empty';
import { useNavigation } from '../app/navigation';
import { excerptOf } from './excerpt';
import styles from './search-results.module.css';
import { useJump } from './use-jump';
import { useSearch, type Hit } from './use-search';
import { words } from './words';

interface Props {
  query: string;
  list: RefObject<HTMLElement | null>;
  selectedId?: string;
  onSelect(id: string): void;
  hrefOf?(id: string): string | undefined;
}

export function SearchResults({ query, list, selectedId, onSelect, hrefOf }: Props) {
  const w = useWords(words);
  const { status, hits, conversations, hasMore, loadMore, reload } = useSearch(query);
  const onKeyDown = useRovingFocus(list);
  const isAny = hits.length + conversations.length > 0;
  const counts = [
    conversations.length > 0 && w.foundConversations(conversations.length),
    hits.length > 0 && w.found(hits.length, hasMore),
  ];
  const said = { searching: w.searching, failed: '', ready: counts.filter(Boolean).join(', ') }[status];
  return (
    <>
      <p className={styles.status} role="status">
        {said}
      </p>
      {status === 'failed' && (
        <Empty icon="alert" title={w.failed}>
          <Button onClick={reload}>{w.tryAgain}</Button>
        </Empty>
      )}
      {status === 'ready' && !isAny && <Empty icon="search" title={w.none} detail={w.noneMore} />}
      {isAny && (
        <div
          className={styles.all}
          ref={(box) => {
            list.current = box;
          }}
          aria-busy={status === 'searching'}
          onKeyDown={onKeyDown}
          onScroll={({ currentTarget: box }) => {
            if (box.scrollHeight - box.scrollTop - box.clientHeight < 400) loadMore();
          }}
        >
          {conversations.length > 0 && (
            <>
              <h2 className={styles.heading}>{w.conversations}</h2>
              <ul aria-label={w.resultsConversations}>
                {conversations.map((one) => (
                  <ConversationRow
                    key={one.id}
                    conversation={one}
                    isSelected={one.id === selectedId}
                    href={hrefOf?.(one.id)}
                    onSelect={onSelect}
                  />
                ))}
              </ul>
            </>
          )}
          {hits.length > 0 && (
            <>
              <h2 className={styles.heading}>{w.messages}</h2>
              <ul aria-label={w.results}>
                {hits.map((hit) => (
                  <Found key={hit.node.id} hit={hit} />
                ))}
              </ul>
            </>
          )}
        </div>
      )}
    </>
  );
}

function Found({ hit: { node, highlights } }: { hit: Hit }) {
  const w = useWords(words);
  const language = useLanguage();
  const today = useToday();
  const viewer = useStore(useSession().viewer);
  const { route, href } = useNavigation();
  const jump = useJump();
  const { conversation, sender } = node;
  const isMine = sender !== null && sender.id === viewer?.user.id;
  const title = conversation.subject?.title ?? conversation.subjectSnapshot?.title;
  const isHere = route.at === 'conversation' && route.messageId === node.id;
  const follow = (event: MouseEvent): void => {
    if (event.metaKey || event.ctrlKey || event.shiftKey || event.button !== 0) return;
    event.preventDefault();
    jump(conversation.id, node.id);
  };
  return (
    <li>
      <a
        className={styles.hit}
        href={href({ at: 'conversation', id: conversation.id, messageId: node.id }) ?? '#'}
        data-row=""
        aria-current={isHere ? 'true' : undefined}
        onClick={follow}
      >
        <Avatar name={sender?.name ?? w.someone} seed={sender?.externalId ?? ''} url={sender?.avatarUrl} size={36} />
        <span className={styles.words}>
          <span className={styles.line}>
            <bdi className={styles.name}>{isMine ? w.you : (sender?.name ?? w.someone)}</bdi>
            <time dateTime={node.createdAt} title={whole(language, node.createdAt)}>
              {brief(language, node.createdAt, today)}
            </time>
          </span>
          {title && (
            <span className={styles.subject} dir="auto">
              {title}
            </span>
          )}
          <span className={styles.excerpt} dir="auto" data-testid="excerpt">
            {excerptOf(node.body ?? '', highlights).map(({ text, isFound }, index) =>
              isFound ? <mark key={index}>{text}</mark> : text,
            )}
          </span>
        </span>
      </a>
    </li>
  );
}
