// A conversation: who and what it is about, its messages, and where to write.
import { useEffect, useState } from 'react';
import { useQuery } from 'urql';
import { DeleteDialog } from '../actions/delete-dialog';
import { Notice, NoticePlace } from '../actions/notice';
import { ReportDialog } from '../actions/report-dialog';
import { ToolsProvider, useNewTools } from '../actions/tools';
import { ThreadDocument } from '../api/generated';
import { useSession } from '../api/session';
import { useStore } from '../api/store';
import { usePresence } from '../conversations/presence';
import { useWords } from '../i18n/language';
import { Foot } from './foot';
import { ThreadHeader } from './header';
import { Loading } from './loading';
import { MessageList } from './message-list';
import { Missing } from './missing';
import { usePending } from './pending';
import styles from './thread-view.module.css';
import type { Thread } from './threads';
import { TypingLine } from './typing';
import { words } from './words';

interface Props {
  conversationId: string;
  /** Shows this message first. */
  messageId?: string;
  onBack?(): void;
}

export function ThreadView({ conversationId, messageId, onBack }: Props) {
  const { threads } = useSession();
  const [thread, setThread] = useState<Thread | null>(null);
  useEffect(() => setThread(threads.open(conversationId, messageId)), [threads, conversationId, messageId]);
  return thread && <Shown thread={thread} onBack={onBack} />;
}

function Shown({ thread, onBack }: { thread: Thread; onBack?(): void }) {
  const w = useWords(words);
  const state = useStore(thread);
  const [since] = useState(Date.now);
  const { conversationId } = thread;
  const [{ data }] = useQuery({ query: ThreadDocument, variables: { id: conversationId } });
  const conversation = data?.conversation;
  const counterpart = conversation?.counterpart?.user;
  // The list may not have it, and an element has no list.
  usePresence(conversation ? [conversation] : []);
  const tools = useNewTools(thread);
  const pending = usePending({ conversationId }, state.edges);

  if (state.status === 'missing' || conversation === null) {
    return <Missing onBack={onBack} />;
  }
  return (
    <ToolsProvider value={tools}>
      <NoticePlace>
        <section className={styles.thread} aria-label={w.messages}>
          <ThreadHeader conversation={conversation} blockable={counterpart} onBack={onBack} />
          {conversation ? (
            <MessageList thread={thread} conversation={conversation} pending={pending} since={since} />
          ) : (
            <div className={styles.blank} role="status" aria-label={w.loading}>
              <Loading since={since} />
            </div>
          )}
          <TypingLine conversationId={conversationId} />
          <Notice />
          <DeleteDialog />
          <ReportDialog blockable={counterpart} />
          {conversation && (
            <Foot conversation={conversation} counterpart={counterpart} onSent={() => void thread.jumpToNewest()} />
          )}
        </section>
      </NoticePlace>
    </ToolsProvider>
  );
}
