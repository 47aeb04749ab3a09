// What staff saw and did, and what became of messages, the newest first.
import { useCallback } from 'react';
import { useClient } from 'urql';
import { StaffAuditDocument } from '../api/generated';
import { Link } from '../app/navigation';
import { useLanguage, useWords } from '../i18n/language';
import { brief, whole } from '../i18n/times';
import { useToday } from '../i18n/today';
import { IconButton } from '../ui/button';
import { actions } from './audit-words';
import styles from './audit.module.css';
import { gather, placeOf, type Deed, type Entry } from './deeds';
import { List } from './list';
import { usePages, type Page } from './use-pages';
import { words } from './words';

const PAGE = 50;

export function Audit() {
  const w = useWords(words);
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
  const deeds = gather(pages.items);
  return (
    <List pages={pages} label={w.audit} none={w.noEntries} count={deeds.length}>
      {deeds.map((deed) => (
        <Row key={deed.entry.id} deed={deed} />
      ))}
    </List>
  );
}

function Row({ deed: { entry, targets, times } }: { deed: Deed }) {
  const w = useWords(words);
  const language = useLanguage();
  const today = useToday();
  const { actor, at, reason } = entry;
  return (
    <li className={styles.row} data-action={entry.action}>
      <p className={styles.what}>
        <strong title={targets.join('\n') || undefined}>
          <Action entry={entry} />
        </strong>
        {times > 1 && <span className={styles.times}>{w.times(times)}</span>}
        <time dateTime={at} title={whole(language, at)}>
          {brief(language, at, today)}
        </time>
      </p>
      <p className={styles.who}>
        {actor ? (
          <Link to={{ at: 'staff', tab: 'conversations', personId: actor.id }}>
            <bdi>{actor.name}</bdi>
          </Link>
        ) : (
          w.import
        )}
        {targets.length > 0 && (
          <IconButton
            icon="copy"
            size={16}
            className={styles.copy}
            label={targets.length > 1 ? w.copyIds : w.copyId}
            onClick={() => void navigator.clipboard.writeText(targets.join('\n'))}
          />
        )}
      </p>
      {reason && <p dir="auto">{reason}</p>}
    </li>
  );
}

/** What was done, and the way to what it was done to. */
function Action({ entry }: { entry: Entry }) {
  const known = useWords(actions);
  const said = entry.action in known ? known[entry.action as keyof typeof known] : entry.action;
  const place = placeOf(entry);
  return place ? <Link to={place}>{said}</Link> : said;
}
