// The messages: endless both ways, with few of them in the document, and still under the reader's eyes whatever is added.
import { useLayoutEffect, useMemo } from 'react';
import { goByArrow } from '../actions/message-menu';
import { selfIn, othersIn, type Conversation } from '../conversations/people';
import { useLanguage, useWords } from '../i18n/language';
import { day } from '../i18n/times';
import { useToday } from '../i18n/today';
import { Icon } from '../ui/icon';
import { Loading } from './loading';
import { MessageRow } from './message-row';
import styles from './message-list.module.css';
import { isOfNewDay, standTogether } from './neighbours';
import type { Outgoing as OutgoingMessage } from './outbox';
import { Outgoing } from './outgoing';
import { useReadMarks } from './read-marks';
import { firstSeq, lastSeq } from './range';
import type { Thread } from './threads';
import { useStore } from '../api/store';
import { useScrolling } from './scrolling';
import { words } from './words';

interface Props {
  thread: Thread;
  conversation: Conversation;
  pending: readonly OutgoingMessage[];
  /** When one began to wait for it, in milliseconds of the browser's clock. */
  since: number;
}

export function MessageList({ thread, conversation, pending, since }: Props) {
  const w = useWords(words);
  const language = useLanguage();
  const today = useToday();
  const state = useStore(thread);
  const { box, content, window: shown, isAtEnd, onScroll } = useScrolling(thread, state);
  const self = selfIn(conversation);
  const marks = useMemo(() => marksOf(conversation), [conversation]);
  const look = useReadMarks(box, conversation, self?.lastReadSeq ?? 0);
  // Whatever has changed, somebody may see a message now that they did not.
  useLayoutEffect(look);

  const first = firstSeq(state);
  const edges = state.edges.slice(shown.from - first, shown.to - first + 1);
  const before = state.edges[shown.from - first - 1]?.node;
  const isEndShown = shown.to === lastSeq(state);
  const waiting = isEndShown ? pending.filter((one) => one.state !== 'sent' || !state.hasNext) : [];
  const isOpen = conversation.state === 'OPEN';

  return (
    <div className={styles.frame} data-below={!isAtEnd || undefined}>
      <div
        className={styles.box}
        ref={box}
        tabIndex={0}
        role="log"
        aria-label={w.messages}
        aria-busy={state.status === 'loading'}
        onScroll={() => {
          onScroll();
          look();
        }}
      >
        <ol className={styles.content} ref={content} onKeyDown={goByArrow}>
          {edges.map(({ node }, index) => {
            const previous = index === 0 ? before : edges[index - 1]?.node;
            const isNewDay = isOfNewDay(previous, node);
            const isFirstUnread = node.seq === state.unreadFrom;
            return (
              <MessageRow
                key={node.clientMessageId ?? node.id}
                message={node}
                isMine={node.sender !== null && node.sender.id === self?.user.id}
                mark={node.seq <= marks.read ? 'read' : node.seq <= marks.delivered ? 'delivered' : 'sent'}
                isContinued={!isNewDay && !isFirstUnread && standTogether(previous, node)}
                hasName={!conversation.counterpart}
                day={isNewDay ? day(language, node.createdAt, today) : undefined}
                isFirstUnread={isFirstUnread}
                isOpen={isOpen}
                isLast={index === edges.length - 1}
                isTarget={state.target?.why === 'jump' && state.target.id === node.id}
              />
            );
          })}
          {waiting.map((one) => <Outgoing key={one.clientMessageId} outgoing={one} />)}
        </ol>
      </div>
      {state.status === 'loading' && pending.length === 0 && <Loading since={since} />}
      {!isAtEnd && state.status === 'ready' && (
        <button
          type="button"
          className={styles.newest}
          aria-label={conversation.unreadCount > 0 ? w.newestUnread(conversation.unreadCount) : w.newest}
          title={w.newest}
          onClick={() => void thread.jumpToNewest()}
        >
          <Icon name="down" />
          {conversation.unreadCount > 0 && <span className={styles.count}>{conversation.unreadCount}</span>}
        </button>
      )}
    </div>
  );
}

/** Up to where everybody else has the messages; staff are not counted. */
function marksOf(conversation: Conversation): { read: number; delivered: number } {
  const others = othersIn(conversation).filter(({ role }) => role !== 'staff');
  if (others.length === 0) return { read: 0, delivered: 0 };
  return {
    read: Math.min(...others.map(({ lastReadSeq }) => lastReadSeq)),
    delivered: Math.min(...others.map(({ lastDeliveredSeq }) => lastDeliveredSeq)),
  };
}
