// The files that will go with the message: small, with their progress, and what can be done when one fails.
import { useStore } from '../api/store';
import { useLanguage, useWords } from '../i18n/language';
import { IconButton } from '../ui/button';
import { Icon } from '../ui/icon';
import { sizeIn } from './size';
import type { Item, Tray } from './tray';
import styles from './tray-view.module.css';
import { words } from './words';

/** What another attempt does not change. */
const FINAL: ReadonlySet<string> = new Set(['INVALID', 'FORBIDDEN', 'UNSUPPORTED_MEDIA_TYPE']);

type Problem = Extract<keyof (typeof words)['en'], Uppercase<string>>;

export function TrayView({ tray }: { tray: Tray }) {
  const w = useWords(words);
  const items = useStore(tray);
  if (items.length === 0) return null;
  return (
    <ul className={styles.tray} aria-label={w.toSend}>
      {items.map((item) => (
        <Waiting key={item.key} item={item} tray={tray} />
      ))}
    </ul>
  );
}

function Waiting({ item, tray }: { item: Item; tray: Tray }) {
  const w = useWords(words);
  const language = useLanguage();
  const { key, byteSize, preview, isVoice, state, progress, problem = '' } = item;
  const name = isVoice ? w.voice : item.name;
  const isPicture = preview !== undefined && state !== 'failed';
  return (
    <li className={isPicture ? styles.picture : styles.file} data-state={state}>
      {preview ? (
        <img src={preview} alt={isPicture ? name : ''} />
      ) : (
        <span className={styles.icon}>
          <Icon name={isVoice ? 'microphone' : 'file'} size={20} />
        </span>
      )}
      {!isPicture && (
        <span className={styles.about}>
          <span className={styles.name} dir="auto" title={name}>
            {name}
          </span>
          {state === 'failed' ? (
            <span className={styles.problem} role="alert">
              {problem in w ? w[problem as Problem] : w.REFUSED}
            </span>
          ) : (
            <span className={styles.size}>{sizeIn(language, byteSize)}</span>
          )}
        </span>
      )}
      {(state === 'sending' || state === 'waiting') && <Progress name={name} value={progress} />}
      {state === 'failed' && !FINAL.has(problem) && (
        <IconButton icon="retry" size={18} label={w.retry(name)} className={styles.small} onClick={() => tray.retry(key)} />
      )}
      <IconButton icon="close" size={14} label={w.remove(name)} className={styles.remove} onClick={() => tray.remove(key)} />
    </li>
  );
}

/** A ring that closes. */
function Progress({ name, value }: { name: string; value: number }) {
  const w = useWords(words);
  const percent = Math.round(value * 100);
  return (
    <svg
      className={styles.progress}
      viewBox="0 0 36 36"
      role="progressbar"
      aria-label={w.sending(name, percent)}
      aria-valuenow={percent}
      aria-valuemin={0}
      aria-valuemax={100}
    >
      <circle cx="18" cy="18" r="15" pathLength="100" />
      <circle cx="18" cy="18" r="15" pathLength="100" strokeDasharray={`${Math.max(4, percent)} 100`} />
    </svg>
  );
}
