// In the composer's place: other words for a message that was sent. It stays until the server has taken them.
import { useState } from 'react';
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

  const save = async (): Promise<void> => {
    if (!isFit || isSaving) return;
    if (body === message.body) return onDone();
    setSaving(true);
    const isDone = await edit(message, body);
    setSaving(false);
    if (isDone) onDone();
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
