// A person: their picture, or their initials on a colour of their own; online with a dot.
import { useState } from 'react';
import styles from './avatar.module.css';
import { hueOf } from './hue';

interface Props {
  name: string;
  /** Decides the colour, so that two of one name differ. */
  seed: string;
  url?: string | null;
  size?: number;
  isOnline?: boolean;
}

export function Avatar({ name, seed, url, size = 40, isOnline = false }: Props) {
  const [isBroken, setBroken] = useState(false);
  return (
    <span className={styles.avatar} style={{ '--size': `${size}px`, '--hue': hueOf(seed) }} aria-hidden="true">
      {url && !isBroken ? (
        <img src={url} alt="" onError={() => setBroken(true)} />
      ) : (
        <span className={styles.initials} data-initials={initialsOf(name)} />
      )}
      {isOnline && <span className={styles.dot} />}
    </span>
  );
}

function initialsOf(name: string): string {
  const parts = name.trim().split(/\s+/);
  const chosen = parts.length > 1 ? [parts[0], parts.at(-1)] : [parts[0]];
  return chosen.map((part) => [...(part ?? '')][0] ?? '').join('').toUpperCase();
}
