// Telling staff about a message of somebody else's: why, and what else there is to say. Nobody else learns of it.
import { useEffect, useId, useRef, useState, type FormEvent } from 'react';
import { useClient } from 'urql';
import { ReportDocument, type ReportReason } from '../api/generated';
import type { Message } from '../api/messages-in';
import { refusalIn, type Refusal } from '../api/refusal';
import { useStore } from '../api/store';
import { useWords } from '../i18n/language';
import { useBlock, type Counterpart } from '../thread/blocking';
import { words as threadWords } from '../thread/words';
import { Button } from '../ui/button';
import { Dialog } from '../ui/dialog';
import { useCurrent } from './current';
import dialog from './delete-dialog.module.css';
import { QuoteWords, useNameOf } from './quote';
import styles from './report-dialog.module.css';
import { reportWords } from './report-words';
import { useTools } from './tools';

const REASONS = ['SPAM', 'SCAM', 'ABUSE', 'OTHER'] as const satisfies readonly ReportReason[];
/** Characters, as the server counts at least. */
const MOST = 1000;

interface Props {
  message: Message;
  onClose(): void;
}

/** `blockable` is whom one can block: the other one of a pair. */
export function ReportDialog({ blockable }: { blockable: Counterpart | undefined }) {
  const w = useWords(reportWords);
  const { reported } = useTools();
  const message = useStore(reported);
  const [outcome, setOutcome] = useState<Outcome>('open');
  if (message === null) return null;
  const close = (): void => {
    reported.set(null);
    setOutcome('open');
  };
  return (
    <Dialog label={outcome === 'open' ? w.title : w.doneTitle} className={dialog.dialog} onClose={close}>
      {outcome === 'open' ? (
        <Form message={message} onClose={close} onDone={setOutcome} />
      ) : (
        <Done
          isKnown={outcome === 'known'}
          author={blockable?.id === message.sender?.id && !blockable?.viewerHasBlocked ? blockable : undefined}
          onClose={close}
        />
      )}
    </Dialog>
  );
}

/** known: it was reported before, and what was said then stays. */
type Outcome = 'open' | 'done' | 'known';

function Form({ message, onClose, onDone }: Props & { onDone(outcome: Outcome): void }) {
  const w = useWords(reportWords);
  const client = useClient();
  const quoted = useCurrent(message);
  const name = useNameOf(quoted);
  const [reason, setReason] = useState<(typeof REASONS)[number] | null>(null);
  const [note, setNote] = useState('');
  const [refusal, setRefusal] = useState<Refusal>(null);
  const [isBusy, setBusy] = useState(false);
  const field = useId();
  const submit = async (event: FormEvent<HTMLFormElement>): Promise<void> => {
    event.preventDefault();
    if (isBusy || reason === null) return;
    setBusy(true);
    const said = note.trim() || null;
    const { data, error } = await client.mutation(ReportDocument, { messageId: message.id, reason, note: said }).toPromise();
    setBusy(false);
    const refused = refusalIn(data?.reportMessage.errors, error);
    setRefusal(refused);
    if (refused !== null) return;
    const kept = data?.reportMessage.report;
    onDone(kept && (kept.reason !== reason || kept.note !== said) ? 'known' : 'done');
  };
  return (
    <form onSubmit={(event) => void submit(event)}>
      <h2>{w.title}</h2>
      <div className={dialog.quoted}>
        <QuoteWords name={name} quoted={quoted} />
      </div>
      <fieldset className={styles.reasons}>
        <legend>{w.reason}</legend>
        {REASONS.map((one) => (
          <label key={one}>
            <input
              type="radio"
              name={`${field}-reason`}
              required
              checked={one === reason}
              onChange={() => setReason(one)}
            />
            {w[one]}
          </label>
        ))}
      </fieldset>
      <label className={styles.label} htmlFor={field}>
        {w.note}
      </label>
      <textarea
        id={field}
        className={styles.note}
        dir="auto"
        rows={3}
        maxLength={MOST}
        value={note}
        onChange={({ target }) => setNote(target.value)}
      />
      <p className={styles.more}>{w.more}</p>
      {refusal !== null && (
        <p className={styles.refusal} role="alert">
          {refusal in w ? w[refusal as keyof typeof w] : w.REFUSED}
        </p>
      )}
      <div className={dialog.buttons}>
        <Button onClick={onClose}>{w.cancel}</Button>
        <Button type="submit" look="filled" disabled={isBusy}>
          {w.report}
        </Button>
      </div>
    </form>
  );
}

interface DoneProps {
  isKnown: boolean;
  /** Whom one may want to hear no more of. */
  author: Counterpart | undefined;
  onClose(): void;
}

function Done({ isKnown, author, onClose }: DoneProps) {
  const w = useWords(reportWords);
  const t = useWords(threadWords);
  const block = useBlock();
  const told = useId();
  const place = useRef<HTMLDivElement>(null);
  // The button that one pressed is gone; this one is read with what has become of the report.
  useEffect(() => place.current?.querySelector<HTMLElement>('button:last-of-type')?.focus(), []);
  return (
    <div ref={place}>
      <h2>{w.doneTitle}</h2>
      <p id={told} className={styles.done}>
        {isKnown ? w.known : w.done}
      </p>
      {author && <p className={styles.done}>{t.orBlock(author.name)}</p>}
      <div className={dialog.buttons}>
        {author && (
          <Button
            onClick={() => {
              onClose();
              void block(author, true);
            }}
          >
            {t.block(author.name)}
          </Button>
        )}
        <Button look="filled" aria-describedby={told} onClick={onClose}>
          {w.close}
        </Button>
      </div>
    </div>
  );
}
