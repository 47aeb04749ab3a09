// How far one's own message has come: a clock, a tick, two ticks, two coloured ticks; each with a word for those who listen.
import { useWords } from '../i18n/language';
import { Hidden } from '../ui/hidden';
import { Icon } from '../ui/icon';
import styles from './ticks.module.css';
import { words } from './words';

export type Mark = 'sending' | 'sent' | 'delivered' | 'read';

export function Ticks({ mark }: { mark: Mark }) {
  const w = useWords(words);
  return (
    <span className={styles.ticks} data-mark={mark} title={w[mark]}>
      <Hidden>{w[mark]}</Hidden>
      {mark === 'sending' ? <Icon name="clock" size={13} /> : <Tick isDouble={mark !== 'sent'} />}
    </span>
  );
}

const Tick = ({ isDouble }: { isDouble: boolean }) => (
  <svg
    width="18"
    height="12"
    viewBox="0 0 18 12"
    fill="none"
    stroke="currentColor"
    strokeWidth="1.6"
    strokeLinecap="round"
    strokeLinejoin="round"
    aria-hidden="true"
  >
    <path d={isDouble ? 'M1.5 6.5l3 3L11 2.500M8.800 9.500l.2.2L16 2.500' : 'M4.500 6.500l3 3L14 2.500'} />
  </svg>
);
