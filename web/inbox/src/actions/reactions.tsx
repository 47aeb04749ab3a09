// The emoji that people have put to a message: each shows how many, and is put or taken back by choosing it.
import type { Message } from '../api/messages-in';
import { apart } from '../i18n/apart';
import { useActs } from './acts';
import styles from './reactions.module.css';

interface Props {
  message: Message;
  isMine: boolean;
  isOpen: boolean;
}

export function Reactions({ message, isMine, isOpen }: Props) {
  const { react } = useActs();
  return (
    <div className={styles.reactions} data-mine={isMine || undefined}>
      {message.reactions.map(({ emoji, count, viewerReacted, users }) => (
        <button
          key={emoji}
          type="button"
          className={styles.one}
          aria-pressed={viewerReacted}
          disabled={!isOpen}
          title={users.map(({ name }) => apart(name)).join(', ')}
          onClick={() => void react(message, emoji, !viewerReacted)}
        >
          <span className={styles.emoji}>{emoji}</span>
          <span className={styles.count}>{count}</span>
        </button>
      ))}
    </div>
  );
}
