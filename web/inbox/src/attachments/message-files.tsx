// The files of a message: its pictures in a grid, what was said to play, and all others by name.
import { useState } from 'react';
import { useLanguage, useWords } from '../i18n/language';
import { Hidden } from '../ui/hidden';
import { Icon } from '../ui/icon';
import { Player } from '../voice/player';
import { Lightbox } from './lightbox';
import styles from './message-files.module.css';
import { useSigned } from './signed';
import { shapeOf, sourcesOf } from './sharp';
import { sizeIn } from './size';
import type { Attachment } from './upload';
import { words } from './words';

export function MessageFiles({ attachments }: { attachments: readonly Attachment[] }) {
  const [shown, setShown] = useState<number | null>(null);
  const pictures = attachments.filter(({ kind }) => kind === 'IMAGE');
  const others = attachments.filter(({ kind }) => kind !== 'IMAGE');
  return (
    <>
      {pictures.length > 0 && (
        <div
          className={styles.pictures}
          data-pictures={Math.min(pictures.length, 5)}
          // Their place is as large as it will be, so nothing moves when they come.
          style={pictures.length === 1 && pictures[0] ? { '--shape': shapeOf(pictures[0]) } : undefined}
        >
          {pictures.map((picture, index) => (
            <Thumbnail key={picture.id} picture={picture} index={index} count={pictures.length} onOpen={() => setShown(index)} />
          ))}
        </div>
      )}
      {others.map((one) => (one.kind === 'VOICE' ? <Player key={one.id} voice={one} /> : <FileLink key={one.id} file={one} />))}
      {shown !== null && <Lightbox pictures={pictures} first={shown} onClose={() => setShown(null)} />}
    </>
  );
}

interface ThumbnailProps {
  picture: Attachment;
  index: number;
  /** How many pictures the message has. */
  count: number;
  onOpen(): void;
}

function Thumbnail({ picture, index, count, onOpen }: ThumbnailProps) {
  const w = useWords(words);
  const { attachment, renew } = useSigned(picture);
  const [isGone, setGone] = useState(false);
  const { fileName, thumbnailUrl, url } = attachment;
  return (
    <button type="button" className={styles.picture} aria-label={w.open(fileName)} onClick={onOpen}>
      {isGone ? (
        <span className={styles.gone}>
          <Icon name="alert" />
          {w.gone}
        </span>
      ) : (
        <img
          {...sourcesOf(attachment, index, count)}
          src={thumbnailUrl ?? url}
          alt=""
          decoding="async"
          onError={() => void renew().then((isThere) => setGone(!isThere))}
        />
      )}
    </button>
  );
}

function FileLink({ file }: { file: Attachment }) {
  const w = useWords(words);
  const language = useLanguage();
  const { attachment, renew, isExpired } = useSigned(file);
  const { fileName, byteSize, url } = attachment;
  return (
    <a
      className={styles.file}
      href={url}
      download={fileName}
      onClick={(event) => {
        if (!isExpired()) return;
        const link = event.currentTarget;
        event.preventDefault();
        void renew().then((isThere) => isThere && requestAnimationFrame(() => link.click()));
      }}
    >
      <Hidden>{w.save} </Hidden>
      <span className={styles.icon}>
        <Icon name="file" size={22} />
      </span>
      <span className={styles.about}>
        <span className={styles.name} dir="auto" title={fileName}>
          {fileName}
        </span>
        <span className={styles.size}>{sizeIn(language, byteSize)}</span>
      </span>
      <Icon name="download" size={18} />
    </a>
  );
}
