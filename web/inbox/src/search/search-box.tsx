// Where one writes what to look for. Escape clears it; the arrow down goes to what was found.
import { useRef } from 'react';
import { useWords } from '../i18n/language';
import { IconButton } from '../ui/button';
import { Icon } from '../ui/icon';
import styles from './search-box.module.css';
import { words } from './words';

interface Props {
  value: string;
  /** What is looked for, when it is not messages. */
  label?: string;
  onChange(value: string): void;
  onDown?(): void;
}

/** Longer than anything that somebody looks for. */
const MOST = 200;

export function SearchBox({ value, label, onChange, onDown }: Props) {
  const w = useWords(words);
  const name = label ?? w.search;
  const field = useRef<HTMLInputElement>(null);
  const clear = (): void => {
    onChange('');
    field.current?.focus();
  };
  return (
    <div className={styles.box} role="search">
      <Icon name="search" size={18} />
      <input
        ref={field}
        type="text"
        inputMode="search"
        enterKeyHint="search"
        autoComplete="off"
        spellCheck={false}
        dir={value === '' ? undefined : 'auto'}
        maxLength={MOST}
        value={value}
        aria-label={name}
        placeholder={name}
        onChange={({ target }) => onChange(target.value)}
        onKeyDown={(event) => {
          if (event.nativeEvent.isComposing) return;
          if (event.key === 'Escape' && value !== '') clear();
          else if (event.key === 'ArrowDown' && value !== '') onDown?.();
          else return;
          event.preventDefault();
        }}
      />
      {value !== '' && <IconButton icon="close" size={16} label={w.clear} className={styles.clear} onClick={clear} />}
    </div>
  );
}
