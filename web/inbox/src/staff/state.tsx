// Can something be said in a conversation, and if not, why.
import type { StaffConversationFieldsFragment } from '../api/generated';
import { useWords } from '../i18n/language';
import { Icon } from '../ui/icon';
import styles from './state.module.css';
import { words } from './words';

type State = StaffConversationFieldsFragment['state'];

export function StateMark({ state, children }: { state: State; children?: string }) {
  const w = useWords(words);
  const isClosed = state === 'CLOSED';
  return (
    <span className={styles.state} data-closed={isClosed || undefined}>
      {isClosed && <Icon name="lock" size={13} />}
      {children ?? (isClosed ? w.closed : w.open)}
    </span>
  );
}

/** The schema does not say which; while the subject is closed nobody can write, whatever staff did. */
export function StateAndReason({ conversation }: { conversation: StaffConversationFieldsFragment }) {
  const w = useWords(words);
  const { state, subject } = conversation;
  const reason = subject?.state === 'CLOSED' ? w.closedWithSubject : w.closedByStaff;
  return <StateMark state={state}>{state === 'CLOSED' ? reason : w.open}</StateMark>;
}
