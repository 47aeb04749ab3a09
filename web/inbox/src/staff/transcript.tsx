// The messages of others, as many of them as the thread of a person has in the document, and nothing to put to them.
import { useState } from 'react';
import { goByArrow } from '../actions/message-menu';
import { useStore } from '../api/store';
import { useLanguage, useWords } from '../i18n/language';
import { day } from '../i18n/times';
import { useToday } from '../i18n/today';
import { Loading } from '../thread/loading';
import list from '../thread/message-list.module.css';
import { MessageRow } from '../thread/message-row';
import { isOfNewDay, standTogether } from '../thread/neighbours';
import { firstSeq } from '../thread/range';
import { useScrolling } from '../thread/scrolling';
import type { Thread } from '../thread/threads';
import { words as threadWords } from '../thread/words';
import { Icon } from '../ui/icon';
import { StaffMessageMenu } from './message-menu';
import styles from './transcript.module.css';

export function Transcript({ thread }: { thread: Thread }) {
  const w = useWords(threadWords);
  const language = useLanguage();
  const today = useToday();
  const state = useStore(thread);
  const [since] = useState(Date.now);
  const { box, content, window: shown, isAtEnd, onScroll } = useScrolling(thread, state);
  const first = firstSeq(state);
  const edges = state.edges.slice(shown.from - first, shown.to - first + 1);
  const before = state.edges[shown.from - first - 1]?.node;
  return (
    <div className={list.frame}>
      <div
        className={list.box}
        ref={box}
        tabIndex={0}
        role="log"
        aria-label={w.messages}
        aria-busy={state.status === 'loading'}
        onScroll={onScroll}
      >
        <ol className={`${list.content} ${styles.content}`} ref={content} onKeyDown={goByArrow}>
          {edges.map(({ node }, index) => {
            const above = index === 0 ? before : edges[index - 1]?.node;
            const isNewDay = isOfNewDay(above, node);
            return (
              <MessageRow
                key={node.id}
                message={node}
                isMine={false}
                mark="sent"
                isContinued={!isNewDay && standTogether(above, node)}
                hasName
                day={isNewDay ? day(language, node.createdAt, today) : undefined}
                isFirstUnread={false}
                isOpen={false}
                isLast={index === edges.length - 1}
                isTarget={state.target?.why === 'jump' && state.target.id === node.id}
                menu={StaffMessageMenu}
              />
            );
          })}
        </ol>
      </div>
      {state.status === 'loading' && <Loading since={since} />}
      {!isAtEnd && state.status === 'ready' && (
        <button type="button" className={list.newest} aria-label={w.newest} title={w.newest} onClick={() => void thread.jumpToNewest()}>
          <Icon name="down" />
        </button>
      )}
    </div>
  );
}
