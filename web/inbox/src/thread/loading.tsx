// The shape of messages that are on their way, for who waits for longer than a glance.
import { useState } from 'react';
import styles from './loading.module.css';

/** In milliseconds. */
const GLANCE = 400;
const SHAPES = ['theirs', 'theirs', 'mine', 'theirs', 'mine'] as const;

/** `since` when, in milliseconds of the browser's clock: one wait may be shown in two places, one after the other. */
export function Loading({ since }: { since: number }) {
  const [rest] = useState(() => Math.max(0, since + GLANCE - Date.now()));
  return (
    <div className={styles.loading} style={{ animationDelay: `${rest}ms` }} aria-hidden="true" data-testid="loading">
      {SHAPES.map((whose, index) => (
        <span key={index} data-mine={whose === 'mine' || undefined} />
      ))}
    </div>
  );
}
