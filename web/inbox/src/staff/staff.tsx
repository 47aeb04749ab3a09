// For staff: what was reported, anybody's conversations, and the audit log. The server refuses everybody else, whatever the page shows.
import { Link } from '../app/navigation';
import type { StaffRoute, StaffTab } from '../app/routes';
import { useWords } from '../i18n/language';
import { Audit } from './audit';
import { Conversations } from './conversations';
import { useKept } from './kept';
import { Reports } from './reports';
import styles from './staff.module.css';
import { StaffThread } from './staff-thread';
import { words } from './words';

const TABS: readonly StaffTab[] = ['reports', 'conversations', 'audit'];

export default function Staff({ route }: { route: StaffRoute }) {
  return route.at === 'staff' ? (
    <Lists key={route.tab} {...route} />
  ) : (
    <StaffThread key={route.id} conversationId={route.id} messageId={route.messageId} />
  );
}

function Lists(route: Extract<StaffRoute, { at: 'staff' }>) {
  const w = useWords(words);
  const { tab } = route;
  const kept = useKept();
  kept.list = route;
  return (
    <section className={styles.staff} aria-label={w.staff}>
      <h1>{w.staff}</h1>
      <nav className={styles.tabs} aria-label={w.tabs}>
        {TABS.map((one) => (
          <Link key={one} to={{ at: 'staff', tab: one }} aria-current={one === tab ? 'page' : undefined}>
            {w[one]}
          </Link>
        ))}
      </nav>
      {tab === 'reports' && <Reports />}
      {tab === 'conversations' && <Conversations personId={route.personId} />}
      {tab === 'audit' && <Audit />}
    </section>
  );
}
