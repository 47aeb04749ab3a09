// The rows of a tab, or what stands in their place; more of them come on scrolling, or by a button.
import { useRef, type ReactNode } from 'react';
import { Placeholders } from '../conversations/placeholders';
import { useRovingFocus } from '../conversations/roving-focus';
import { useWords } from '../i18n/language';
import { Button } from '../ui/button';
import { Empty } from '../ui/empty';
import type { IconName } from '../ui/icon';
import styles from './staff.module.css';
import type { Pages } from './use-pages';
import { words } from './words';

interface Props {
  pages: Pages<unknown>;
  label: string;
  none: string;
  noneMore?: string;
  icon?: IconName;
  /** How many are shown: some of the pages' items may be left out. */
  count: number;
  children: ReactNode;
}

export function List({ pages, label, none, noneMore, icon = 'check', count, children }: Props) {
  const w = useWords(words);
  const { status, hasMore, loadMore, reload } = pages;
  const rows = useRef<HTMLUListElement>(null);
  const onKeyDown = useRovingFocus(rows);
  if (status === 'loading' && pages.items.length === 0) return <Placeholders label={w.loading} />;
  if (status === 'ready' && count === 0 && !hasMore) return (
      <div className={styles.nothing}>
        <Empty icon={icon} title={none} detail={noneMore} />
      </div>
    );
  return (
    <div
      className={styles.box}
      tabIndex={0}
      onScroll={({ currentTarget: box }) => {
        if (box.scrollHeight - box.scrollTop - box.clientHeight < 600) loadMore();
      }}
    >
      <ul className={styles.rows} ref={rows} aria-label={label} onKeyDown={onKeyDown}>
        {children}
      </ul>
      {status === 'failed' && (
        <Empty icon="alert" title={w.failed}>
          <Button onClick={reload}>{w.tryAgain}</Button>
        </Empty>
      )}
      {status === 'ready' && hasMore && (
        <Button look="quiet" onClick={loadMore}>
          {w.more}
        </Button>
      )}
    </div>
  );
}
