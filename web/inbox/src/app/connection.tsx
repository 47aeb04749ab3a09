// What the connection is like, when it is not as it should be. A hiccup is not worth a word.
import { useEffect, useState } from 'react';
import { useStatus } from '../api/status';
import { useWords } from '../i18n/language';
import styles from './connection.module.css';
import { words } from './words';

const HICCUP = 700;

export function Connection() {
  const w = useWords(words);
  const { state } = useStatus();
  const isWell = state === 'live' || state === 'idle';
  const [isShown, setShown] = useState(false);
  useEffect(() => {
    if (isWell) return setShown(false);
    const timer = setTimeout(() => setShown(true), HICCUP);
    return () => clearTimeout(timer);
  }, [isWell]);
  const said = { offline: w.offline, connecting: w.reconnecting, 'catching-up': w.catchingUp, live: '', idle: '' }[state];
  return (
    <div className={styles.connection} role="status" data-state={state}>
      {isShown && !isWell && (
        <p className={styles.words}>
          <span className={styles.dot} />
          {said}
        </p>
      )}
    </div>
  );
}
