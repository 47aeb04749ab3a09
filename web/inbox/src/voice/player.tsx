// Plays a voice message: one at a time, from any place in it.
import { useEffect, useRef, useState } from 'react';
import { useSigned } from '../attachments/signed';
import type { Attachment } from '../attachments/upload';
import { useWords } from '../i18n/language';
import { Icon } from '../ui/icon';
import { clock } from './clock';
import styles from './player.module.css';
import { words } from './words';

/** What is heard now: whoever begins ends it. */
let heard: HTMLAudioElement | null = null;

export function Player({ voice }: { voice: Attachment }) {
  const w = useWords(words);
  const { attachment, renew, isExpired } = useSigned(voice);
  const audio = useRef<HTMLAudioElement>(null);
  const [isPlaying, setPlaying] = useState(false);
  const [at, setAt] = useState(0);
  const [isGone, setGone] = useState(false);
  const [measured, setMeasured] = useState(0);
  const length = voice.durationSeconds ?? measured;

  // Ticks of the element itself come four times a second, which is too seldom for an eye.
  useEffect(() => {
    if (!isPlaying) return;
    let frame = 0;
    const look = (): void => {
      setAt(audio.current?.currentTime ?? 0);
      frame = requestAnimationFrame(look);
    };
    frame = requestAnimationFrame(look);
    return () => cancelAnimationFrame(frame);
  }, [isPlaying]);

  const play = async (): Promise<void> => {
    const element = audio.current;
    if (element === null) return;
    if (isExpired() && !(await renew())) return setGone(true);
    if (heard !== element) heard?.pause();
    heard = element;
    await element.play().catch(() => setGone(element.error !== null));
  };

  const seek = (seconds: number): void => {
    setAt(seconds);
    if (audio.current) audio.current.currentTime = seconds;
  };

  return (
    <div className={styles.player} data-testid="voice" data-playing={isPlaying || undefined}>
      <audio
        ref={audio}
        src={attachment.url}
        preload="none"
        onPlay={() => setPlaying(true)}
        onPause={() => setPlaying(false)}
        onEnded={() => seek(0)}
        onDurationChange={({ currentTarget: { duration } }) => Number.isFinite(duration) && setMeasured(duration)}
      />
      <button
        type="button"
        className={styles.button}
        aria-label={isPlaying ? w.pause : w.play}
        onClick={() => (isPlaying ? audio.current?.pause() : void play())}
      >
        <Icon name={isPlaying ? 'pause' : 'play'} size={20} />
      </button>
      {isGone ? (
        <p className={styles.gone}>{w.gone}</p>
      ) : (
        <>
          <input
            type="range"
            className={styles.place}
            min={0}
            max={length || 1}
            step={0.1}
            value={Math.min(at, length || 1)}
            style={{ '--part': length > 0 ? Math.min(1, at / length) : 0 }}
            aria-label={w.place}
            aria-valuetext={w.at(clock(at), clock(length))}
            onChange={({ target }) => seek(Number(target.value))}
          />
          <span className={styles.time}>{clock(isPlaying || at > 0 ? at : length)}</span>
        </>
      )}
    </div>
  );
}
