// What people reported and nobody is done with, the oldest first.
import { useCallback, useState } from 'react';
import { useClient } from 'urql';
import { reportWords } from '../actions/report-words';
import { ResolveReportDocument, StaffReportsDocument, type StaffReportsQuery } from '../api/generated';
import { Link } from '../app/navigation';
import { useLanguage, useWords } from '../i18n/language';
import { brief, whole } from '../i18n/times';
import { useToday } from '../i18n/today';
import { Button } from '../ui/button';
import { List } from './list';
import styles from './staff.module.css';
import { usePages, type Page } from './use-pages';
import { useReturn } from './use-return';
import { words } from './words';

type Report = NonNullable<StaffReportsQuery['admin']>['reports']['edges'][number]['node'];

const PAGE = 30;

export function Reports() {
  const w = useWords(words);
  const client = useClient();
  const read = useCallback(
    async (after: string | null): Promise<Page<Report> | null> => {
      const options = { requestPolicy: 'network-only' } as const;
      const { data } = await client.query(StaffReportsDocument, { first: PAGE, after }, options).toPromise();
      if (!data?.admin) return null;
      const { edges, pageInfo } = data.admin.reports;
      const open = edges.map(({ node }) => node).filter(({ resolvedAt }) => resolvedAt === null);
      // Open ones come first: after one that is resolved there is none.
      const isOver = !pageInfo.hasNextPage || open.length < edges.length;
      return { items: open, next: isOver ? null : pageInfo.endCursor };
    },
    [client],
  );
  const pages = usePages(read);
  // The schema has no live queue.
  useReturn(pages.refresh);
  const [done, setDone] = useState<ReadonlySet<string>>(new Set());
  const open = pages.items.filter(({ id }) => !done.has(id));
  return (
    <List pages={pages} label={w.reports} none={w.noReports} noneMore={w.noReportsMore} count={open.length}>
      {open.map((report) => (
        <Row key={report.id} report={report} onDone={() => setDone((before) => new Set(before).add(report.id))} />
      ))}
    </List>
  );
}

function Row({ report, onDone }: { report: Report; onDone(): void }) {
  const w = useWords(words);
  const reasons = useWords(reportWords);
  const language = useLanguage();
  const today = useToday();
  const client = useClient();
  const [note, setNote] = useState('');
  const [state, setState] = useState<'open' | 'busy' | 'refused'>('open');
  const resolve = async (): Promise<void> => {
    setState('busy');
    const variables = { reportId: report.id, note: note.trim() || null };
    const { data } = await client.mutation(ResolveReportDocument, variables).toPromise();
    if (data?.resolveReport.errors.length === 0) onDone();
    else setState('refused');
  };
  return (
    <li className={styles.row}>
      <p className={styles.line}>
        <strong>
          {report.message ? (
            <Link
              to={{ at: 'staff-thread', id: report.message.conversation.id, messageId: report.message.id }}
              title={w.showReported}
            >
              {w.messageBy(report.message.sender?.name ?? w.somebody)}
            </Link>
          ) : (
            w.messageGone
          )}
        </strong>
        <time dateTime={report.createdAt} title={whole(language, report.createdAt)}>
          {brief(language, report.createdAt, today)}
        </time>
      </p>
      <blockquote className={styles.quote} dir="auto">
        {report.messageBody ?? w.gone}
      </blockquote>
      <p>
        <strong>{report.reason in reasons ? reasons[report.reason as 'SPAM'] : reasons.OTHER}</strong>,{' '}
        {w.reportedBy(report.reporter?.name ?? w.somebody)}
      </p>
      {report.note && <p dir="auto">{report.note}</p>}
      <form
        className={styles.form}
        onSubmit={(event) => {
          event.preventDefault();
          if (state !== 'busy') void resolve();
        }}
      >
        <input aria-label={w.note} placeholder={w.note} maxLength={1000} value={note} onChange={({ target }) => setNote(target.value)} />
        <Button type="submit" look="filled" disabled={state === 'busy'}>
          {w.resolve}
        </Button>
      </form>
      {state === 'refused' && <p role="alert">{w.refused}</p>}
    </li>
  );
}
