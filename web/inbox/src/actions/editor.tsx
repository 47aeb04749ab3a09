// In the composer's place: other words for a message that was sent. It stays until the server has taken them.
import { useEffect, useRef, useState } from 'react';
import type { Message } from '../api/messages-in';
import { useWords } from '../i18n/language';
import composer from '../thread/composer.module.css';
import { WordsField } from '../thread/words-field';
import { IconButton } from '../ui/button';
import { useActs } from './acts';
import { IntentBar } from './intent-bar';
import { words } from './words';

export function Editor({ message, onDone }: { message: Message; onDone(): void }) {
  const w = useWords(words);
  const { edit } = useActs();
  const [body, setBody] = useState(message.body ?? '');
  const [isSaving, setSaving] = useState(false);
  const mayBeEmpty = message.attachments.length > 0;
  const isFit = body.trim() !== '' || mayBeEmpty;

  /** What stands here now, and whether it is to be saved too, once what was saved before is answered. */
  const written = useRef({ body, isDue: false });
  written.current.body = body;
  const isLeft = useRef(false);
  useEffect(() => {
    isLeft.current = false;
    return () => {
      isLeft.current = true;
    };
  }, []);

  const save = async (): Promise<void> => {
    if (!isFit) return;
    written.current.isDue = true;
    if (isSaving) return;
    if (body === message.body) return onDone();
    setSaving(true);
    let saved = message.body;
    let isDone = true;
    while (isDone && written.current.isDue && written.current.body !== saved) {
      written.current.isDue = false;
      saved = written.current.body;
      isDone = await edit(message, saved);
    }
    setSaving(false);
    // Who has written on meanwhile is not interrupted, and who edits another message neither.
    if (isDone && !isLeft.current && written.current.body === saved) onDone();
  };

  return (
    <form
      className={composer.composer}
      onSubmit={(event) => {
        event.preventDefault();
        void save();
      }}
    >
      <div className={composer.box}>
        <IntentBar intent={{ is: 'edit', message }} onCancel={onDone} />
        <div className={composer.line}>
          <WordsField
            value={body}
            label={w.newWords}
            onWrite={setBody}
            onEnter={() => void save()}
            onEscape={onDone}
            isBegun
          />
          <IconButton type="submit" icon="check" label={w.save} className={composer.send} disabled={!isFit || isSaving} />
        </div>
      </div>
    </form>
  );
}
