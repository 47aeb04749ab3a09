// What a message says. Its words are only ever text: addresses in them become links when they are of the web.
import type { ReactNode } from 'react';
import type { Message } from '../api/messages-in';
import { MessageFiles } from '../attachments/message-files';
import { useWords } from '../i18n/language';
import styles from './message-body.module.css';
import { partsOf } from './text';
import { words } from './words';

/** One to three, and nothing else. */
const EMOJI = /^(?:(?!\p{ASCII})\p{Emoji_Presentation}[\p{Emoji_Modifier}\uFE0F]*|\p{Extended_Pictographic}\uFE0F){1,3}$/u;

/** Letters and marks that go to the left. */
const LEFTWARD = /[\u0590-\u08ff\u200f\u202b\u202e\u2067\ufb1d-\ufdff\ufe70-\ufeff\u{10800}-\u{10fff}\u{1e800}-\u{1efff}]/u;

/** `foot` is what stands at its end: when it was said. */
export function MessageBody({ message, foot }: { message: Message; foot: ReactNode }) {
  const w = useWords(words);
  if (message.deletedAt !== null) {
    return (
      <div className={styles.text} data-flows="">
        <p className={styles.deleted}>{w.deleted}</p>
        {foot}
      </div>
    );
  }
  return (
    <>
      {message.attachments.length > 0 && <MessageFiles attachments={message.attachments} />}
      <Text body={message.body ?? ''} foot={foot} />
    </>
  );
}

export function Text({ body, foot }: { body: string; foot: ReactNode }) {
  const isEmoji = EMOJI.test(body.trim());
  return (
    <div className={styles.text} data-flows={(!isEmoji && !LEFTWARD.test(body)) || undefined}>
      {body && (
        <p className={styles.body} dir="auto" data-testid="body" data-emoji={isEmoji || undefined}>
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
      )}
      {foot}
    </div>
  );
}
