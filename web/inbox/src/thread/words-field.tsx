// A field for words that grows with them. Enter is done and Shift+Enter begins a line; where there is no keyboard, Enter begins a line.
import { useEffect, useLayoutEffect, useRef, type ClipboardEvent, type KeyboardEvent } from 'react';
import { useWords } from '../i18n/language';
import { words } from './words';

interface Props {
  value: string;
  label: string;
  onWrite(text: string): void;
  onEnter(): void;
  onEscape?(): void;
  onLeave?(): void;
  onPaste?(event: ClipboardEvent): void;
  /** Whenever it changes to something, the field is where one writes. */
  isBegun?: unknown;
}

/** As many characters as the server takes, unless its settings say otherwise. */
const MOST = 4_000;

export function WordsField({ value, label, onWrite, onEnter, onEscape, onLeave, onPaste, isBegun }: Props) {
  const w = useWords(words);
  const field = useRef<HTMLTextAreaElement>(null);

  useLayoutEffect(() => {
    const box = field.current;
    if (box === null) return;
    box.style.height = 'auto';
    box.style.height = `${box.scrollHeight}px`;
  }, [value]);

  useEffect(() => {
    const box = field.current;
    if (!isBegun || box === null) return;
    box.focus();
    box.setSelectionRange(box.value.length, box.value.length);
  }, [isBegun]);

  const onKeyDown = (event: KeyboardEvent): void => {
    // While an input method composes a word, Enter chooses it.
    if (event.nativeEvent.isComposing) return;
    if (event.key === 'Escape' && onEscape) onEscape();
    else if (event.key === 'Enter' && !event.shiftKey && !isTouch()) onEnter();
    else return;
    event.preventDefault();
  };

  return (
    <textarea
      ref={field}
      rows={1}
      // While nothing is written, the words that stand for it are the page's.
      dir={value === '' ? undefined : 'auto'}
      value={value}
      maxLength={MOST}
      aria-label={label}
      placeholder={w.write}
      // Only keyboards on a screen show it, and there it begins a line.
      enterKeyHint="enter"
      onChange={({ target }) => onWrite(target.value)}
      onBlur={onLeave}
      onKeyDown={onKeyDown}
      onPaste={onPaste}
    />
  );
}

const isTouch = (): boolean => window.matchMedia('(hover: none) and (pointer: coarse)').matches;
