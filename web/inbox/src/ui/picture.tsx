// What a conversation is about: its picture, or a drawing of its kind on a colour of its own.
import { useState } from 'react';
import { hueOf } from './hue';
import { Icon, type IconName } from './icon';
import styles from './picture.module.css';

interface Props {
  kind: string;
  seed: string;
  url?: string | null;
  className?: string;
  iconSize?: number;
}

const ICONS: Record<string, IconName> = { listing: 'listing', ride: 'ride', booking: 'booking' };

export function Picture({ kind, seed, url, className = '', iconSize = 20 }: Props) {
  const [isBroken, setBroken] = useState(false);
  return (
    <span className={`${styles.picture} ${className}`} style={{ '--hue': hueOf(seed) }} aria-hidden="true">
      {url && !isBroken ? (
        <img src={url} alt="" onError={() => setBroken(true)} />
      ) : (
        <Icon name={ICONS[kind] ?? 'listing'} size={iconSize} />
      )}
    </span>
  );
}
