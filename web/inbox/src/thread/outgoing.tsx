// A message that waits to be sent, or was refused.
import { Quote } from '../actions/quote';
import { useSession } from '../api/session';
import { MessageFiles } from '../attachments/message-files';
import { useLanguage, useWords } from '../i18n/language';
import { hour } from '../i18n/times';
import { Hidden } from '../ui/hidden';
import { Text } from './message-body';
import styles from './message-row.module.css';
import type { Outgoing as OutgoingMessage } from './outbox';
import { Ticks } from './ticks';
import { words } from './words';

export function Outgoing({ outgoing }: { outgoing: OutgoingMessage }) {
  const w = useWords(words);
  const language = useLanguage();
  const foot = (
    <span className={styles.foot}>
      <time dateTime={new Date(outgoing.writtenAt).toISOString()}>{hour(language, outgoing.writtenAt)}</time>
      {outgoing.state !== 'refused' && <Ticks mark={outgoing.state === 'sent' ? 'sent' : 'sending'} />}
    </span>
  );
  return (
    <li className={`${styles.row} ${styles.arriving}`} data-outgoing={outgoing.state}>
      <article className={styles.bubble} data-mine="">
        <Hidden>{w.you}: </Hidden>
        {outgoing.replyTo && <Quote quoted={outgoing.replyTo} />}
        {outgoing.attachments && <MessageFiles attachments={outgoing.attachments} />}
        <Text body={outgoing.body} foot={foot} />
      </article>
      {outgoing.state === 'refused' && <Refused outgoing={outgoing} />}
    </li>
  );
}

type Reason = Extract<keyof (typeof words)['en'], Uppercase<string>>;

function Refused({ outgoing: { clientMessageId, refusal } }: { outgoing: OutgoingMessage }) {
  const w = useWords(words);
  const { outbox } = useSession();
  const code = refusal?.code ?? '';
  const reason = code in w ? w[code as Reason] : w.REFUSED;
  return (
    <p className={styles.refused} role="alert">
      {w.notSent} {reason}
      <button type="button" onClick={() => outbox.retry(clientMessageId)}>
        {w.tryAgain}
      </button>
      <button type="button" onClick={() => outbox.discard(clientMessageId)}>
        {w.discard}
      </button>
    </p>
  );
}
