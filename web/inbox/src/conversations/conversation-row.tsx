// One conversation in the list: what it is about, with whom, and what was said last.
import { memo, type MouseEvent } from 'react';
import { useLanguage, useWords } from '../i18n/language';
import { brief, whole } from '../i18n/times';
import { useToday } from '../i18n/today';
import { Avatar } from '../ui/avatar';
import { Hidden } from '../ui/hidden';
import { Icon } from '../ui/icon';
import { Picture } from '../ui/picture';
import { ConversationMenu } from './conversation-menu';
import styles from './conversation-row.module.css';
import { counterpartIn, isMuted, namesIn, selfIn, type Conversation } from './people';
import { useIsOnline } from './presence';
import { words } from './words';

interface Props {
  conversation: Conversation;
  isSelected: boolean;
  href?: string;
  onSelect(id: string): void;
}

export const ConversationRow = memo(function ConversationRow({ conversation, isSelected, href, onSelect }: Props) {
  const w = useWords(words);
  const language = useLanguage();
  const today = useToday();
  const { subject, subjectSnapshot, unreadCount, lastMessageAt, createdAt } = conversation;
  const counterpart = counterpartIn(conversation);
  const names = namesIn(conversation) || w.someone;
  const isOnline = useIsOnline(counterpart);
  const title = subject?.title ?? subjectSnapshot?.title;
  const moment = lastMessageAt ?? createdAt;
  const follow = (event: MouseEvent): void => {
    if (event.metaKey || event.ctrlKey || event.shiftKey || event.button !== 0) return;
    event.preventDefault();
    onSelect(conversation.id);
  };
  return (
    <li className={styles.row} data-selected={isSelected || undefined} data-unread={unreadCount > 0 || undefined}>
      <a href={href ?? '#'} data-row="" aria-current={isSelected ? 'true' : undefined} onClick={follow}>
        <span className={styles.pictures}>
          {subject && (
            <Picture kind={subject.kind} seed={subject.externalId} url={subject.imageUrl} className={styles.picture} iconSize={24} />
          )}
          <Avatar
            name={names}
            seed={counterpart?.user.externalId ?? ''}
            url={counterpart?.user.avatarUrl}
            size={subject ? 28 : 52}
            isOnline={isOnline}
          />
        </span>
        <span className={styles.words}>
          <span className={styles.line}>
            <span className={styles.name} dir="auto">
              {names}
            </span>
            {isOnline && <Hidden>, {w.online}</Hidden>}
            <time dateTime={moment} title={whole(language, moment)}>
              {brief(language, moment, today)}
            </time>
          </span>
          {title && (
            <span className={styles.subject} dir="auto">
              {title}
            </span>
          )}
          <span className={styles.line}>
            <LastMessage conversation={conversation} />
            <Marks conversation={conversation} />
          </span>
        </span>
      </a>
      <ConversationMenu conversation={conversation} name={names} className={styles.menu} />
    </li>
  );
});

function LastMessage({ conversation }: { conversation: Conversation }) {
  const w = useWords(words);
  const message = conversation.lastMessage;
  if (!message) return <span className={styles.last}>{w.noMessage}</span>;
  const isMine = message.sender !== null && message.sender.id === selfIn(conversation)?.user.id;
  return (
    <span className={styles.last}>
      {isMine && <span className={styles.you}>{w.you}</span>}
      <span className={styles.said} dir="auto">
        {message.deletedAt ? w.deleted : message.body?.trim() || filesIn(w, message.attachments)}
      </span>
    </span>
  );
}

type Files = NonNullable<Conversation['lastMessage']>['attachments'];

/** One alone by what it is, several by how many there are of each kind. */
function filesIn(w: (typeof words)['en'], files: Files): string {
  const [first] = files;
  if (first && files.length === 1) {
    return first.kind === 'IMAGE' ? w.picture : first.kind === 'VOICE' ? w.voice : `${w.file}: ${first.fileName}`;
  }
  const pictures = files.filter(({ kind }) => kind === 'IMAGE').length;
  const voices = files.filter(({ kind }) => kind === 'VOICE').length;
  const others = files.length - pictures - voices;
  return [pictures && w.pictures(pictures), voices && w.voices(voices), others && w.files(others)].filter(Boolean).join(', ');
}

function Marks({ conversation }: { conversation: Conversation }) {
  const w = useWords(words);
  const { state, pinnedAt, unreadCount } = conversation;
  return (
    <span className={styles.marks}>
      {state === 'CLOSED' && <Mark icon="lock" label={w.closed} />}
      {isMuted(conversation) && <Mark icon="mute" label={w.muted} />}
      {pinnedAt && <Mark icon="pin" label={w.pinned} />}
      {unreadCount > 0 && (
        <span className={styles.badge} data-testid="unread">
          <span aria-hidden="true">{unreadCount > 99 ? '99+' : unreadCount}</span>
          <Hidden>{w.unread(unreadCount)}</Hidden>
        </span>
      )}
    </span>
  );
}

const Mark = ({ icon, label }: { icon: 'lock' | 'mute' | 'pin'; label: string }) => (
  <span className={styles.mark} title={label}>
    <Icon name={icon} size={15} />
    <Hidden>{label}</Hidden>
  </span>
);
