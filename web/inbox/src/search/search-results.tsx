// The messages that were found, the best first. One leads to its place in its thread.
import type { MouseEvent, RefObject } from 'react';
import { useSession } from '../api/session';
import { useStore } from '../api/store';
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
  list: RefObject<HTMLUListElement | null>;
}

export function SearchResults({ query, list }: Props) {
  const w = useWords(words);
  const { status, hits, hasMore, loadMore, reload } = useSearch(query);
  const onKeyDown = useRovingFocus(list);
  const said = { searching: w.searching, failed: '', ready: hits.length > 0 ? w.found(hits.length, hasMore) : '' }[status];
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
      {status === 'ready' && hits.length === 0 && <Empty icon="search" title={w.none} detail={w.noneMore} />}
      {hits.length > 0 && (
        <ul
          className={styles.hits}
          ref={list}
          aria-label={w.results}
          aria-busy={status === 'searching'}
          onKeyDown={onKeyDown}
          onScroll={({ currentTarget: box }) => {
            if (box.scrollHeight - box.scrollTop - box.clientHeight < 400) loadMore();
          }}
        >
          {hits.map((hit) => (
            <Found key={hit.node.id} hit={hit} />
          ))}
        </ul>
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
