// Asks whether something is to be done, and why; what the server says against it is told here.
import { useEffect, useId, useState, type FormEvent } from 'react';
import dialog from '../actions/delete-dialog.module.css';
import { QuoteWords, useNameOf } from '../actions/quote';
import type { Message } from '../api/messages-in';
import { useWords } from '../i18n/language';
import { Button } from '../ui/button';
import { Dialog } from '../ui/dialog';
import styles from './act-dialog.module.css';
import type { Refusal } from './acts';
import { refusals, words } from './words';

interface Props {
  title: string;
  detail: string;
  /** What it is done to. */
  message?: Message;
  verb: string;
  /** It cannot be undone, and something is lost. */
  isDanger?: boolean;
  hasReason?: boolean;
  act(reason: string): Promise<Refusal>;
  onClose(): void;
}

/** Characters, as the server counts at least. */
const MOST = 1000;

export function ActDialog({ title, detail, message, verb, isDanger = false, hasReason = true, act, onClose }: Props) {
  const w = useWords(words);
  const told = useWords(refusals);
  const [reason, setReason] = useState('');
  const [isBusy, setBusy] = useState(false);
  const [refusal, setRefusal] = useState<Refusal>(null);
  const field = useId();
  // What was done may have taken away the button that one came from: the messages are what is left.
  useEffect(
    () => () => {
      if (document.activeElement === document.body) document.querySelector<HTMLElement>('#main [role=log]')?.focus();
    },
    [],
  );
  const submit = async (event: FormEvent<HTMLFormElement>): Promise<void> => {
    event.preventDefault();
    if (isBusy) return;
    if (hasReason && reason.trim() === '') {
      event.currentTarget.querySelector('textarea')?.focus();
      return;
    }
    setBusy(true);
    const refused = await act(reason.trim());
    setBusy(false);
    setRefusal(refused);
    if (refused === null) onClose();
  };
  return (
    <Dialog label={title} className={dialog.dialog} onClose={onClose}>
      <form onSubmit={(event) => void submit(event)}>
        <h2>{title}</h2>
        {message && <Doomed message={message} />}
        <p className={styles.detail}>{detail}</p>
        {hasReason && (
          <>
            <label className={styles.label} htmlFor={field}>
              {w.reason}
            </label>
            <textarea
              id={field}
              className={styles.reason}
              dir="auto"
              rows={3}
              maxLength={MOST}
              aria-required="true"
              value={reason}
              onChange={({ target }) => setReason(target.value)}
            />
            <p className={styles.where}>{w.reasonMore}</p>
          </>
        )}
        {refusal !== null && (
          <p className={styles.refusal} role="alert">
            {refusal in told ? told[refusal as keyof typeof told] : told.REFUSED}
          </p>
        )}
        <div className={dialog.buttons}>
          <Button onClick={onClose}>{w.cancel}</Button>
          <Button type="submit" look="filled" className={isDanger ? dialog.remove : ''} disabled={isBusy}>
            {verb}
          </Button>
        </div>
      </form>
    </Dialog>
  );
}

function Doomed({ message }: { message: Message }) {
  const name = useNameOf(message);
  return (
    <div className={dialog.quoted}>
      <QuoteWords name={name} quoted={message} />
    </div>
  );
}
