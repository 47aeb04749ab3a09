// Chooses files by the browser's own window, or takes in what is dropped on the conversation.
import { useEffect, useRef, useState } from 'react';
import { useWords } from '../i18n/language';
import { IconButton } from '../ui/button';
import { Icon } from '../ui/icon';
import styles from './attach-button.module.css';
import { words } from './words';

interface Props {
  onFiles(files: File[]): void;
}

export function AttachButton({ onFiles }: Props) {
  const w = useWords(words);
  const input = useRef<HTMLInputElement>(null);
  return (
    <>
      <IconButton icon="attach" label={w.attach} onClick={() => input.current?.click()} />
      <input
        ref={input}
        type="file"
        multiple
        hidden
        data-testid="files"
        onChange={({ target }) => {
          onFiles([...(target.files ?? [])]);
          // The same file may be chosen once more.
          target.value = '';
        }}
      />
    </>
  );
}

/** What is dropped anywhere on the conversation around it. */
export function DropPlace({ onFiles }: Props) {
  const w = useWords(words);
  const place = useRef<HTMLDivElement>(null);
  const [isOver, setOver] = useState(false);
  const taken = useRef(onFiles);
  taken.current = onFiles;

  useEffect(() => {
    const around = place.current?.closest('section');
    if (!around) return;
    // Each element that is entered is told of before the one that is left.
    let depth = 0;
    const count = (change: number) => (event: DragEvent) => {
      if (!hasFiles(event)) return;
      depth = Math.max(0, depth + change);
      setOver(depth > 0);
    };
    const enter = count(1);
    const leave = count(-1);
    const over = (event: DragEvent): void => {
      if (hasFiles(event)) event.preventDefault();
    };
    const drop = (event: DragEvent): void => {
      depth = 0;
      setOver(false);
      if (!hasFiles(event)) return;
      event.preventDefault();
      taken.current([...(event.dataTransfer?.files ?? [])]);
    };
    around.addEventListener('dragenter', enter);
    around.addEventListener('dragleave', leave);
    around.addEventListener('dragover', over);
    around.addEventListener('drop', drop);
    return () => {
      around.removeEventListener('dragenter', enter);
      around.removeEventListener('dragleave', leave);
      around.removeEventListener('dragover', over);
      around.removeEventListener('drop', drop);
    };
  }, []);

  return (
    <div ref={place} className={styles.drop} data-over={isOver || undefined} aria-hidden="true">
      <Icon name="attach" size={28} />
      <p>{w.drop}</p>
    </div>
  );
}

const hasFiles = ({ dataTransfer }: DragEvent): boolean => dataTransfer?.types.includes('Files') ?? false;
