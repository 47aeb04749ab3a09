// Above the messages of others: what it is about, who is in it, and its state.
import type { StaffConversationFieldsFragment } from '../api/generated';
import { useWords } from '../i18n/language';
import header from '../thread/header.module.css';
import { words as threadWords } from '../thread/words';
import { IconButton } from '../ui/button';
import { Picture } from '../ui/picture';
import { People } from './people';
import styles from './staff-header.module.css';
import { StateAndReason } from './state';
import { words } from './words';

interface Props {
  conversation: StaffConversationFieldsFragment | undefined;
  onBack(): void;
}

export function StaffHeader({ conversation, onBack }: Props) {
  const w = useWords(words);
  const { back } = useWords(threadWords);
  return (
    <header className={`${header.header} ${styles.header}`}>
      <IconButton icon="back" label={back} onClick={onBack} />
      {conversation && <About conversation={conversation} title={titleOf(conversation) ?? w.noSubject} />}
    </header>
  );
}

const titleOf = ({ subject, subjectSnapshot }: StaffConversationFieldsFragment): string | undefined =>
  subject?.title ?? subjectSnapshot?.title;

function About({ conversation, title }: { conversation: StaffConversationFieldsFragment; title: string }) {
  const { subject, subjectSnapshot } = conversation;
  return (
    <>
      {subject && (
        <Picture kind={subject.kind} seed={subject.externalId} url={subject.imageUrl ?? subjectSnapshot?.imageUrl} className={styles.picture} />
      )}
      <div className={`${header.who} ${styles.who}`}>
        <h2 dir="auto">
          {subject?.url && /^https?:\/\//i.test(subject.url) ? (
            <a className={styles.title} href={subject.url} target="_blank" rel="noopener noreferrer nofollow">
              {title}
            </a>
          ) : (
            title
          )}
        </h2>
        <p className={`${header.detail} ${styles.people}`}>
          <People conversation={conversation} areLinks />
        </p>
      </div>
      <div className={styles.state}>
        <StateAndReason conversation={conversation} />
      </div>
    </>
  );
}
