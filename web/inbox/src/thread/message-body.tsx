// What a message says. Its words are only ever text: addresses in them become links when they are of the web.
import type { Message } from '../api/messages-in';
import { MessageFiles } from '../attachments/message-files';
import { useWords } from '../i18n/language';
import styles from './message-body.module.css';
import { partsOf } from './text';
import { words } from './words';

/** One to three, and nothing else. */
const EMOJI = /^(?:(?!\p{ASCII})\p{Emoji_Presentation}[\p{Emoji_Modifier}\uFE0F]*|\p{Extended_Pictographic}\uFE0F){1,3}$/u;

export function MessageBody({ message }: { message: Message }) {
  const w = useWords(words);
  if (message.deletedAt !== null) return <p className={styles.deleted}>{w.deleted}</p>;
  return (
    <>
      {message.attachments.length > 0 && <MessageFiles attachments={message.attachments} />}
      {message.body && <Text body={message.body} />}
    </>
  );
}

export function Text({ body }: { body: string }) {
  return (
    <p className={styles.body} dir="auto" data-testid="body" data-emoji={EMOJI.test(body.trim()) || undefined}>
      {partsOf(body).map((part, index) =>
        part.href === undefined ? (
          part.text
        ) : (
          <a key={index} href={part.href} target="_blank" rel="noopener noreferrer nofollow ugc" dir="ltr">
            {part.text}
          </a>
        ),
      )}
    </p>
  );
}
