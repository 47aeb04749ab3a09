// A picture as large as the window, and from it to the others of its message.
import { useState } from 'react';
import { useWords } from '../i18n/language';
import { IconButton } from '../ui/button';
import { Dialog } from '../ui/dialog';
import { Icon } from '../ui/icon';
import styles from './lightbox.module.css';
import { useSigned } from './signed';
import type { Attachment } from './upload';
import { words } from './words';

interface Props {
  pictures: readonly Attachment[];
  first: number;
  onClose(): void;
}

export function Lightbox({ pictures, first, onClose }: Props) {
  const w = useWords(words);
  const [here, setHere] = useState(first);
  const picture = pictures[here];
  const go = (step: number): void => {
    if (pictures[here + step]) setHere(here + step);
  };
  return (
    <Dialog
      label={w.pictures}
      className={styles.box}
      onClose={onClose}
      onKeyDown={({ key, currentTarget }) => {
        const right = currentTarget.matches(':dir(rtl)') ? -1 : 1;
        go(key === 'ArrowLeft' ? -right : key === 'ArrowRight' ? right : 0);
      }}
    >
      {picture && <Large key={picture.id} picture={picture} onClose={onClose} />}
      {here > 0 && <IconButton icon="back" size={26} label={w.earlier} className={styles.earlier} onClick={() => go(-1)} />}
      {here < pictures.length - 1 && (
        <IconButton icon="forward" size={26} label={w.later} className={styles.later} onClick={() => go(1)} />
      )}
      {pictures.length > 1 && <p className={styles.count}>{w.place(here + 1, pictures.length)}</p>}
    </Dialog>
  );
}

function Large({ picture, onClose }: { picture: Attachment; onClose(): void }) {
  const w = useWords(words);
  const { attachment, renew } = useSigned(picture);
  const [isGone, setGone] = useState(false);
  const { fileName, url } = attachment;
  return (
    <>
      <header className={styles.bar}>
        <p dir="auto">{fileName}</p>
        <a href={url} download={fileName} aria-label={w.download(fileName)} title={w.download(fileName)}>
          <Icon name="download" />
        </a>
        <IconButton icon="close" label={w.close} onClick={onClose} />
      </header>
      <div className={styles.picture} onClick={({ target, currentTarget }) => target === currentTarget && onClose()}>
        {isGone ? (
          <p>{w.gone}</p>
        ) : (
          <img
            src={url}
            alt={w.picture(fileName)}
            onError={() => void renew().then((isThere) => setGone(!isThere))}
          />
        )}
      </div>
    </>
  );
}
