// A conversation as staff read it: who is in it and its state above, what is said, and below what staff may do.
import { useEffect, useMemo, useState } from 'react';
import { useQuery } from 'urql';
import { Notice, NoticePlace } from '../actions/notice';
import { ToolsProvider, useNewTools } from '../actions/tools';
import { StaffConversationDocument } from '../api/generated';
import { useSession } from '../api/session';
import { useStore } from '../api/store';
import { useNavigation } from '../app/navigation';
import { useWords } from '../i18n/language';
import { Missing } from '../thread/missing';
import threadStyles from '../thread/thread-view.module.css';
import { OpenThread } from '../thread/open-thread';
import { Button } from '../ui/button';
import { Empty } from '../ui/empty';
import { useKept } from './kept';
import { RemoveDialog } from './message-menu';
import { asStaff } from './source';
import { StaffFoot } from './staff-foot';
import { StaffHeader } from './staff-header';
import { Transcript } from './transcript';
import { useReturn } from './use-return';
import { words } from './words';

interface Props {
  conversationId: string;
  /** Shows this message first, and marks it. */
  messageId?: string;
}

export function StaffThread({ conversationId, messageId }: Props) {
  const { client } = useSession();
  const thread = useMemo(() => new OpenThread(client, conversationId, asStaff), [client, conversationId]);
  useEffect(() => void thread.begin(messageId), [thread, messageId]);
  useEffect(() => () => thread.stop(), [thread]);
  return <Shown thread={thread} />;
}

function Shown({ thread }: { thread: OpenThread }) {
  const w = useWords(words);
  const { go } = useNavigation();
  const { list } = useKept();
  const { status } = useStore(thread);
  // Every look is in the audit log: the cache gives none.
  const [{ data, error }, read] = useQuery({
    query: StaffConversationDocument,
    variables: { id: thread.conversationId },
    requestPolicy: 'network-only',
  });
  const tools = useNewTools(thread);
  const found = data?.admin?.conversation;
  const [conversation, setConversation] = useState(found);
  // What is known stays when it could not be read again.
  if (found !== undefined && found !== conversation) setConversation(found);
  const back = (): void => go(list);
  const readAgain = (): void => read({ requestPolicy: 'network-only' });
  const [isReading, setReading] = useState(false);
  // What is not one's own is not told live.
  useReturn(() => {
    if (isReading || status !== 'ready') return;
    setReading(true);
    readAgain();
    void thread.fetchLater().finally(() => setReading(false));
  });

  if (status === 'missing' || conversation === null) return <Missing onBack={back} />;
  if (error && !conversation) {
    return (
      <Empty icon="alert" title={w.failed}>
        <Button onClick={readAgain}>{w.tryAgain}</Button>
      </Empty>
    );
  }
  return (
    <ToolsProvider value={tools}>
      <NoticePlace>
        <section className={threadStyles.thread} aria-label={w.conversation}>
          <StaffHeader conversation={conversation} onBack={back} />
          <Transcript thread={thread} />
          <Notice />
          <RemoveDialog onRemoved={(left) => thread.take(left)} />
          {conversation && <StaffFoot conversation={conversation} onChanged={() => void thread.fetchLater()} />}
        </section>
      </NoticePlace>
    </ToolsProvider>
  );
}
