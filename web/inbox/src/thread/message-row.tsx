// A message in its place: the day and the mark of what is new stand before it.
import { memo, type ComponentType } from 'react';
import { MessageMenu } from '../actions/message-menu';
import { Quote } from '../actions/quote';
import { Reactions } from '../actions/reactions';
import type { Message } from '../api/messages-in';
import { apart } from '../i18n/apart';
import { useLanguage, useWords } from '../i18n/language';
import { hour, whole } from '../i18n/times';
import { Hidden } from '../ui/hidden';
import { MessageBody } from './message-body';
import styles from './message-row.module.css';
import { Ticks, type Mark } from './ticks';
import { words } from './words';

interface Props {
  message: Message;
  isMine: boolean;
  mark: Mark;
  /** Belongs to the one above it. */
  isContinued: boolean;
  /** Several people talk, so it is said who does. */
  hasName: boolean;
  day?: string;
  isFirstUnread: boolean;
  isTarget: boolean;
  /** Can something be said here? */
  isOpen: boolean;
  isLast: boolean;
  /** In place of the menu that who is in the conversation has. */
  menu?: ComponentType<{ message: Message; isLast: boolean }>;
}

export const MessageRow = memo(function MessageRow(props: Props) {
  const w = useWords(words);
  const { message, day, isFirstUnread, isTarget } = props;
  return (
    <li
      className={styles.row}
      data-seq={message.seq}
      data-id={message.id}
      data-continued={props.isContinued || undefined}
      data-target={isTarget || undefined}
      aria-current={isTarget || undefined}
    >
      {day && (
        <h3 className={styles.day}>
          <span>{day}</span>
        </h3>
      )}
      {isFirstUnread && (
        <p className={styles.unread}>
          <span>{w.unread}</span>
        </p>
      )}
      {message.kind === 'SYSTEM' ? <SystemMessage message={message} /> : <Said {...props} />}
    </li>
  );
});

function SystemMessage({ message }: { message: Message }) {
  const language = useLanguage();
  return (
    <p className={styles.system} dir="auto" title={whole(language, message.createdAt)}>
      {message.body}
    </p>
  );
}

/** With what people put to it below it, and its menu beside it. */
function Said(props: Props) {
  const { message, isMine, menu: Menu = MessageMenu } = props;
  return (
    <>
      <div className={styles.line} data-mine={isMine || undefined}>
        <Bubble {...props} />
        {message.deletedAt === null && <Menu {...props} />}
      </div>
      {message.reactions.length > 0 && <Reactions {...props} />}
    </>
  );
}

function Bubble({ message, isMine, mark, isContinued, hasName }: Props) {
  const w = useWords(words);
  const language = useLanguage();
  const name = message.sender?.name ?? w.someone;
  const foot = (
    <span className={styles.foot}>
      {message.editedAt && !message.deletedAt && <span>{w.edited}</span>}
      <time dateTime={message.createdAt} title={whole(language, message.createdAt)}>
        {hour(language, message.createdAt)}
      </time>
      {isMine && !message.deletedAt && <Ticks mark={mark} />}
    </span>
  );
  return (
    // A finger on it brings its menu out.
    <article className={styles.bubble} tabIndex={-1} data-mine={isMine || undefined} data-deleted={message.deletedAt !== null || undefined}>
      {hasName && !isMine && !isContinued ? (
        <p className={styles.name}>
          <bdi>{name}</bdi>
        </p>
      ) : (
        <Hidden>{isMine ? w.you : apart(name)}: </Hidden>
      )}
      {message.replyTo && message.deletedAt === null && <Quote quoted={message.replyTo} />}
      <MessageBody message={message} foot={foot} />
    </article>
  );
}
