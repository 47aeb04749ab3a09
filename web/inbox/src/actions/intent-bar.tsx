// Above what one writes: which message it answers, or changes.
import { useWords } from '../i18n/language';
import { IconButton } from '../ui/button';
import { Icon } from '../ui/icon';
import { useCurrent } from './current';
import styles from './intent-bar.module.css';
import { QuoteWords, useNameOf } from './quote';
import type { Intent } from './tools';
import { words } from './words';

export function IntentBar({ intent, onCancel }: { intent: Intent; onCancel(): void }) {
  const w = useWords(words);
  const { is } = intent;
  const message = useCurrent(intent.message);
  const name = useNameOf(message);
  const answer = name === w.you ? w.replyingSelf : w.replying(name);
  return (
    <div className={styles.bar} data-testid="intent">
      <Icon name={is === 'answer' ? 'reply' : 'edit'} size={18} />
      <div className={styles.quoted}>
        <QuoteWords name={is === 'answer' ? answer : w.editing} quoted={message} />
      </div>
      <IconButton icon="close" size={18} label={w.cancel} className={styles.cancel} onClick={onCancel} />
    </div>
  );
}
