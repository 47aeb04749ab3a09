// Deleting is for everybody and for ever, so one is asked first.
import { useStore } from '../api/store';
import { useWords } from '../i18n/language';
import { Button } from '../ui/button';
import { Dialog } from '../ui/dialog';
import { useActs } from './acts';
import { useCurrent } from './current';
import styles from './delete-dialog.module.css';
import { QuoteWords, useNameOf } from './quote';
import { useTools } from './tools';
import { words } from './words';
import type { Message } from '../api/messages-in';

export function DeleteDialog() {
  const { doomed } = useTools();
  const message = useStore(doomed);
  return message && <Question message={message} onClose={() => doomed.set(null)} />;
}

function Question({ message, onClose }: { message: Message; onClose(): void }) {
  const w = useWords(words);
  const { remove } = useActs();
  const quoted = useCurrent(message);
  const name = useNameOf(quoted);
  return (
    <Dialog label={w.removeTitle} className={styles.dialog} onClose={onClose}>
      <h2>{w.removeTitle}</h2>
      <div className={styles.quoted}>
        <QuoteWords name={name} quoted={quoted} />
      </div>
      <p>{w.removeMore}</p>
      <div className={styles.buttons}>
        <Button onClick={onClose}>{w.keep}</Button>
        <Button
          look="filled"
          className={styles.remove}
          onClick={() => {
            void remove(message);
            onClose();
          }}
        >
          {w.remove}
        </Button>
      </div>
    </Dialog>
  );
}
