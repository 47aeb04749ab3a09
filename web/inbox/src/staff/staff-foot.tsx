// Below the messages of others: that one only reads, and what staff may do.
import { useState } from 'react';
import type { StaffConversationFieldsFragment } from '../api/generated';
import { useSession } from '../api/session';
import { useStore } from '../api/store';
import { Link } from '../app/navigation';
import { useWords } from '../i18n/language';
import { Button } from '../ui/button';
import { ActDialog } from './act-dialog';
import { useActs } from './acts';
import styles from './staff-foot.module.css';
import { words } from './words';

interface Props {
  conversation: StaffConversationFieldsFragment;
  /** The system may have said something of it. */
  onChanged(): void;
}

export function StaffFoot({ conversation, onChanged }: Props) {
  const w = useWords(words);
  const acts = useActs();
  const self = useStore(useSession().viewer)?.user;
  const [asked, setAsked] = useState<'join' | 'leave' | 'state' | null>(null);
  const { id, state, participants } = conversation;
  const own = participants.find(({ user }) => user.id === self?.id);
  const isIn = own !== undefined;
  const isOpen = state === 'OPEN';
  const changed = <T,>(refusal: T): T => {
    if (refusal === null) onChanged();
    return refusal;
  };
  return (
    <footer className={styles.foot}>
      <p className={styles.words}>{isIn ? w.youAreIn : w.youRead}</p>
      <div className={styles.acts}>
        <Button onClick={() => setAsked('state')}>{isOpen ? w.close : w.reopen}</Button>
        {own?.role === 'staff' && <Button onClick={() => setAsked('leave')}>{w.leave}</Button>}
        {isIn ? (
          <Link to={{ at: 'conversation', id }} className={styles.write}>
            {w.write}
          </Link>
        ) : (
          <Button look="filled" onClick={() => setAsked('join')}>
            {w.join}
          </Button>
        )}
      </div>
      {asked === 'join' && (
        <ActDialog
          title={w.joinTitle}
          detail={w.joinMore}
          verb={w.join}
          hasReason={false}
          act={async () => changed(await acts.join(id))}
          onClose={() => setAsked(null)}
        />
      )}
      {asked === 'leave' && (
        <ActDialog
          title={w.leaveTitle}
          detail={w.leaveMore}
          verb={w.leave}
          hasReason={false}
          act={async () => changed(await acts.leave(id))}
          onClose={() => setAsked(null)}
        />
      )}
      {asked === 'state' && (
        <ActDialog
          title={isOpen ? w.closeTitle : w.reopenTitle}
          detail={isOpen ? w.closeMore : w.reopenMore}
          verb={isOpen ? w.close : w.reopen}
          act={async (reason) => changed(await acts.setState(id, isOpen ? 'CLOSED' : 'OPEN', reason))}
          onClose={() => setAsked(null)}
        />
      )}
    </footer>
  );
}
