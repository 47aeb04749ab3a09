// Below the messages: where to write, or why one cannot.
import { useState } from 'react';
import { useCurrent } from '../actions/current';
import { Editor } from '../actions/editor';
import { useTools } from '../actions/tools';
import type { Message } from '../api/messages-in';
import { useSession } from '../api/session';
import { useStore } from '../api/store';
import { namesIn, type Conversation } from '../conversations/people';
import { useWords } from '../i18n/language';
import { Button } from '../ui/button';
import { Icon } from '../ui/icon';
import { useBlock, type Counterpart } from './blocking';
import { Composer } from './composer';
import styles from './foot.module.css';
import type { NewMessage } from './outbox';
import { useTellTyping } from './typing';
import { words } from './words';

interface Props {
  conversation: Conversation;
  counterpart: Counterpart | undefined;
  onSent(): void;
}

export function Foot({ conversation, counterpart, onSent }: Props) {
  const w = useWords(words);
  const { outbox } = useSession();
  const block = useBlock();
  const typing = useTellTyping(conversation.id);
  const { intent } = useTools();
  const [hasEdited, setEdited] = useState(false);
  const wanted = useStore(intent);
  const answered = useCurrent(wanted?.message);

  const endEdit = (): void => {
    intent.set(null);
    setEdited(true);
  };

  if (conversation.state === 'CLOSED') {
    return <Note>{conversation.subject?.state === 'CLOSED' ? w.subjectClosed : w.closed}</Note>;
  }
  if (counterpart?.viewerHasBlocked) {
    return (
      <Note>
        {w.blocked(counterpart.name)}{' '}
        <Button look="quiet" onClick={() => void block(counterpart, false)}>
          {w.unblock(counterpart.name)}
        </Button>
      </Note>
    );
  }
  if (wanted?.is === 'edit') {
    return <Editor key={wanted.message.id} message={wanted.message} onDone={endEdit} />;
  }
  return (
    <Composer
      draftKey={conversation.id}
      label={w.writeTo(namesIn(conversation) || w.someone)}
      onTyping={typing}
      isBegun={hasEdited}
      answers={wanted}
      onAnswerNothing={() => intent.set(null)}
      onSend={(body, attachments) => {
        outbox.add({ to: { conversationId: conversation.id }, body, attachments, ...answering(answered) });
        intent.set(null);
        onSent();
      }}
    />
  );
}

/** What is kept of the message that is answered, to show it while the answer is on its way. */
function answering(replyTo: Message | undefined): Pick<NewMessage, 'replyTo' | 'replyToId'> {
  if (replyTo === undefined) return {};
  const { id, kind, body, deletedAt, sender } = replyTo;
  return { replyToId: id, replyTo: { id, kind, body, deletedAt, sender: sender && { id: sender.id, name: sender.name } } };
}

const Note = ({ children }: { children: React.ReactNode }) => (
  <div className={styles.note} role="note">
    <Icon name="lock" size={18} />
    <p>{children}</p>
  </div>
);
