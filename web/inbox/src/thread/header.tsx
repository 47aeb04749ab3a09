// Above the messages: the other person, whether they are there, and what it is about.
import { useLanguage, useWords } from '../i18n/language';
import { brief } from '../i18n/times';
import { useToday } from '../i18n/today';
import { ConversationActions } from '../conversations/conversation-menu';
import { counterpartIn, namesIn, type Conversation, type Participant } from '../conversations/people';
import { useIsOnline, usePresenceOf } from '../conversations/presence';
import { Avatar } from '../ui/avatar';
import { IconButton } from '../ui/button';
import { Icon } from '../ui/icon';
import { Menu } from '../ui/menu';
import { Picture } from '../ui/picture';
import { BlockItem, type Counterpart } from './blocking';
import styles from './header.module.css';
import { words } from './words';

interface Props {
  conversation: Conversation | undefined;
  /** Whom one can block: the other one of a pair. */
  blockable: Counterpart | undefined;
  onBack?(): void;
}

export function ThreadHeader({ conversation, blockable, onBack }: Props) {
  const w = useWords(words);
  const counterpart = conversation && counterpartIn(conversation);
  const names = conversation ? namesIn(conversation) || w.someone : '';
  const isOnline = useIsOnline(counterpart);
  return (
    <header className={styles.header}>
      {onBack && <IconButton icon="back" label={w.back} className={styles.back} onClick={onBack} />}
      <Avatar
        name={names}
        seed={counterpart?.user.externalId ?? ''}
        url={counterpart?.user.avatarUrl}
        isOnline={isOnline}
      />
      <div className={styles.who}>
        <h2 dir="auto">{names}</h2>
        <p className={styles.detail}>{conversation && <Presence participant={counterpart} />}</p>
      </div>
      {conversation?.subject && <SubjectCard conversation={conversation} />}
      {conversation && (
        <Menu label={w.details} className={styles.more} button={<Icon name="more" size={22} />}>
          <ConversationActions conversation={conversation} />
          {blockable && <BlockItem user={blockable} />}
        </Menu>
      )}
    </header>
  );
}

function Presence({ participant }: { participant: Participant | undefined }) {
  const w = useWords(words);
  const language = useLanguage();
  const today = useToday();
  const presence = usePresenceOf(participant);
  if (presence?.status === 'ONLINE') return <span className={styles.online}>{w.online}</span>;
  const seen = presence?.lastSeenAt ? w.lastSeen(brief(language, presence.lastSeenAt, today)) : null;
  return [participant?.role, seen].filter(Boolean).join(' · ');
}

function SubjectCard({ conversation }: { conversation: Conversation }) {
  const { subject, subjectSnapshot } = conversation;
  if (!subject) return null;
  const content = (
    <>
      <Picture kind={subject.kind} seed={subject.externalId} url={subject.imageUrl ?? subjectSnapshot?.imageUrl} className={styles.picture} iconSize={18} />
      <span className={styles.title} dir="auto">
        {subject.title}
      </span>
      {subject.state === 'CLOSED' && <Icon name="lock" size={15} />}
    </>
  );
  return subject.url && isWeb(subject.url) ? (
    <a className={styles.subject} href={subject.url} target="_blank" rel="noopener noreferrer nofollow" title={subject.title}>
      {content}
    </a>
  ) : (
    <span className={styles.subject} title={subject.title}>
      {content}
    </span>
  );
}

/** The server takes no other addresses; a page of ours would not follow one either. */
const isWeb = (url: string): boolean => /^https?:\/\//i.test(url);
