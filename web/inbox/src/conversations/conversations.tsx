// The list of conversations, live: whoever writes moves to the top.
import { useRef, useState, type ReactNode } from 'react';
import { Notice, NoticePlace } from '../actions/notice';
import { useWords } from '../i18n/language';
import { SearchBox } from '../search/search-box';
import { SearchResults } from '../search/search-results';
import { Button } from '../ui/button';
import { Empty } from '../ui/empty';
import { ConversationRow } from './conversation-row';
import styles from './conversations.module.css';
import { usePresence } from './presence';
import { Placeholders } from './placeholders';
import { useRovingFocus } from './roving-focus';
import { useList, type Which } from './use-list';
import { words } from './words';

interface Props {
  selectedId?: string;
  onSelect(id: string): void;
  /** Where a conversation is, for links that can be opened in another tab. */
  hrefOf?(id: string): string | undefined;
  /** What one can do while there is no conversation at all. */
  children?: ReactNode;
}

const WHICH: readonly Which[] = ['all', 'unread', 'archived'];

export const Conversations = (props: Props) => (
  <NoticePlace>
    <Shown {...props} />
  </NoticePlace>
);

function Shown({ selectedId, onSelect, hrefOf, children }: Props) {
  const w = useWords(words);
  const [which, setWhich] = useState<Which>('all');
  const list = useList(which, selectedId);
  const rows = useRef<HTMLElement>(null);
  const onKeyDown = useRovingFocus(rows);
  usePresence(list.conversations);
  const [sought, setSought] = useState('');
  const isSearching = sought.trim() !== '';

  const names = { all: w.all, unread: w.unreadOnly, archived: w.archived };
  const none = {
    all: [w.noneAll, w.noneAllMore],
    unread: [w.noneUnread, w.noneUnreadMore],
    archived: [w.noneArchived, w.noneArchivedMore],
  }[which];

  return (
    <section className={styles.section} aria-label={w.title}>
      <header className={styles.header}>
        <h1>{w.title}</h1>
        <SearchBox value={sought} onChange={setSought} onDown={() => rows.current?.querySelector<HTMLElement>('a')?.focus()} />
        <div className={styles.filters} role="group" aria-label={w.filters} hidden={isSearching}>
          {WHICH.map((one) => (
            <button type="button" key={one} aria-pressed={one === which} onClick={() => setWhich(one)}>
              {names[one]}
            </button>
          ))}
        </div>
      </header>
      <Notice />
      {isSearching && (
        <SearchResults query={sought.trim()} list={rows} selectedId={selectedId} onSelect={onSelect} hrefOf={hrefOf} />
      )}
      {!isSearching && list.status === 'loading' && <Placeholders label={w.loading} />}
      {!isSearching && list.status === 'failed' && (
        <Empty icon="alert" title={w.failed}>
          <Button onClick={list.reload}>{w.tryAgain}</Button>
        </Empty>
      )}
      {!isSearching && list.status === 'ready' && list.conversations.length === 0 && (
        <Empty icon={which === 'archived' ? 'archive' : 'chat'} title={none[0] ?? ''} detail={none[1]}>
          {which === 'all' && children}
        </Empty>
      )}
      {!isSearching && list.conversations.length > 0 && (
        <ul
          className={styles.rows}
          ref={(box) => {
            rows.current = box;
          }}
          onKeyDown={onKeyDown}
          onScroll={({ currentTarget: box }) => {
            if (box.scrollHeight - box.scrollTop - box.clientHeight < 600) list.loadMore();
          }}
        >
          {list.conversations.map((conversation) => (
            <ConversationRow
              key={conversation.id}
              conversation={conversation}
              isSelected={conversation.id === selectedId}
              href={hrefOf?.(conversation.id)}
              onSelect={onSelect}
            />
          ))}
        </ul>
      )}
    </section>
  );
}
