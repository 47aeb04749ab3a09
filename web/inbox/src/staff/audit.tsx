// What staff saw and did, and what became of messages, the newest first.
import { useCallback } from 'react';
import { useClient } from 'urql';
import { StaffAuditDocument, type StaffAuditQuery } from '../api/generated';
import { useLanguage, useWords } from '../i18n/language';
import { brief, whole } from '../i18n/times';
import { useToday } from '../i18n/today';
import { List } from './list';
import styles from './staff.module.css';
import { usePages, type Page } from './use-pages';
import { words } from './words';

type Entry = NonNullable<StaffAuditQuery['admin']>['auditLog']['edges'][number]['node'];

const PAGE = 50;

export function Audit() {
  const w = useWords(words);
  const language = useLanguage();
  const today = useToday();
  const client = useClient();
  const read = useCallback(
    async (before: string | null): Promise<Page<Entry> | null> => {
      const options = { requestPolicy: 'network-only' } as const;
      const { data } = await client.query(StaffAuditDocument, { last: PAGE, before }, options).toPromise();
      if (!data?.admin) return null;
      const { edges, pageInfo } = data.admin.auditLog;
      return { items: edges.map(({ node }) => node).toReversed(), next: pageInfo.hasPreviousPage ? pageInfo.startCursor : null };
    },
    [client],
  );
  const pages = usePages(read);
  return (
    <List pages={pages} label={w.audit} none={w.noEntries} count={pages.items.length}>
      {pages.items.map((entry) => (
        <li className={styles.row} key={entry.id}>
          <p className={styles.line}>
            <strong>{entry.action}</strong>
            <bdi>{entry.actor?.name ?? w.import}</bdi>
            <time dateTime={entry.at} title={whole(language, entry.at)}>
              {brief(language, entry.at, today)}
            </time>
          </p>
          {entry.target && <code className={styles.target}>{entry.target}</code>}
          {entry.reason && <p dir="auto">{entry.reason}</p>}
        </li>
      ))}
    </List>
  );
}
