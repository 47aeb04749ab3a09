// Why something could not be done: for a while, or until it is put away.
import { useEffect } from 'react';
import { useStore } from '../api/store';
import { useWords } from '../i18n/language';
import { IconButton } from '../ui/button';
import { Icon } from '../ui/icon';
import styles from './notice.module.css';
import { useTools } from './tools';
import { words } from './words';

/** Milliseconds: time to read a line twice. */
const SHOWN = 9_000;

export function Notice() {
  const w = useWords(words);
  const { notice } = useTools();
  const said = useStore(notice);
  useEffect(() => {
    if (said === null) return;
    const timer = setTimeout(() => notice.set(null), SHOWN);
    return () => clearTimeout(timer);
  }, [said, notice]);
  return (
    said !== null && (
      <div className={styles.notice} role="alert">
        <Icon name="alert" size={18} />
        <p>{said}</p>
        <IconButton icon="close" size={16} label={w.close} onClick={() => notice.set(null)} />
      </div>
    )
  );
}
