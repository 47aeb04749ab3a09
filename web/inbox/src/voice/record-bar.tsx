// In the composer's place while somebody speaks: how long, how loud, give up, or send.
import { useEffect, useState } from 'react';
import { useWords } from '../i18n/language';
import { IconButton } from '../ui/button';
import { clock } from './clock';
import styles from './record-bar.module.css';
import type { Recorder } from './use-recording';
import { words } from './words';

interface Props {
  recorder: Recorder;
  sendStyle?: string;
}

export function RecordBar({ recorder: { since, levels, finish, cancel }, sendStyle }: Props) {
  const w = useWords(words);
  const seconds = useSeconds(since);
  return (
    <div
      className={styles.bar}
      onKeyDown={({ key }) => {
        if (key === 'Escape') cancel();
      }}
    >
      <IconButton icon="delete" label={w.drop} onClick={cancel} />
      <span className={styles.dot} aria-hidden="true" />
      <span className={styles.time} role="timer" aria-label={w.recording}>
        {clock(seconds)}
      </span>
      <div className={styles.levels} aria-hidden="true">
        {levels.map((level, index) => (
          <span key={index - levels.length} style={{ '--level': 0.08 + 0.92 * level }} />
        ))}
      </div>
      <IconButton icon="send" label={w.sendVoice} className={sendStyle} autoFocus onClick={() => void finish()} />
    </div>
  );
}

function useSeconds(since: number): number {
  const [now, setNow] = useState(Date.now);
  useEffect(() => {
    const timer = setInterval(() => setNow(Date.now()), 200);
    return () => clearInterval(timer);
  }, []);
  return Math.max(0, Math.floor((now - since) / 1000));
}
