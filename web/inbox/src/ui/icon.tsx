// Line drawings of one weight, 24 units square.
import styles from './icon.module.css';

const PATHS = {
  inbox: 'M4 13l2.6-7.2A2 2 0 0 1 8.5 4.5h7a2 2 0 0 1 1.9 1.3L20 13v4.5a2 2 0 0 1-2 2H6a2 2 0 0 1-2-2zM4 13h4.5a3.5 3.5 0 0 0 7 0H20',
  market: 'M5 10v8a2 2 0 0 0 2 2h10a2 2 0 0 0 2-2v-8M3.5 9l1.6-4a1.5 1.5 0 0 1 1.4-1h11a1.5 1.5 0 0 1 1.4 1l1.6 4a2.8 2.8 0 0 1-5.6 0 2.9 2.9 0 0 1-5.8 0 2.8 2.8 0 0 1-5.6 0zM10 20v-5h4v5',
  back: 'M15 5l-7 7 7 7',
  forward: 'M9 5l7 7-7 7',
  down: 'M12 5v14M5.5 12.5L12 19l6.5-6.5',
  send: 'M5 12h13M12 5.5l6.5 6.5-6.5 6.5',
  more: 'M5.5 12h.01M12 12h.01M18.5 12h.01',
  check: 'M4.5 12.5l4.5 4.5L19.5 6.5',
  clock: 'M12 7.5V12l3 2M12 20a8 8 0 1 0 0-16 8 8 0 0 0 0 16z',
  alert: 'M12 8v4.5M12 16h.01M12 20.5a8.5 8.5 0 1 0 0-17 8.5 8.5 0 0 0 0 17z',
  close: 'M6 6l12 12M18 6L6 18',
  archive: 'M4.5 8.5h15M5.5 8.5v9a2 2 0 0 0 2 2h9a2 2 0 0 0 2-2v-9M4.5 5.5h15v3h-15zM10 12.5h4',
  pin: 'M9 4h6l-1 6 3 3v2H7v-2l3-3zM12 15v5',
  mute: 'M6.5 9.5a5.5 5.5 0 0 1 9-4.2M17.5 11c.2 3.500 1.500 5 1.500 5H8M5 16s1.300-1.400 1.500-5M10 19a2.200 2.200 0 0 0 4 0M4 4l16 16',
  bell: 'M6.500 10a5.500 5.500 0 0 1 11 0c0 4.500 1.500 6 1.500 6H5s1.500-1.500 1.500-6M10 19a2.200 2.200 0 0 0 4 0',
  lock: 'M7 11V8a5 5 0 0 1 10 0v3M6 11h12v8.500H6z',
  search: 'M11 17.500a6.500 6.500 0 1 0 0-13 6.500 6.500 0 0 0 0 13zM16 16l4 4',
  settings: 'M4 7.500h9M17 7.500h3M4 16.500h3M11 16.500h9M15 5.500v4M9 14.500v4',
  listing: 'M4 12.500V5.500A1.500 1.500 0 0 1 5.500 4h7l7.500 7.500a1.500 1.500 0 0 1 0 2.100l-6.400 6.400a1.500 1.500 0 0 1-2.100 0zM8.500 8.500h.01',
  ride: 'M5 16.500v-4l2-5a2 2 0 0 1 1.900-1.300h6.200A2 2 0 0 1 17 7.500l2 5v4M5 12.500h14M4.500 16.500h15v2h-15zM7.500 14.500h.01M16.500 14.500h.01',
  booking: 'M5 6.500h14v13H5zM5 10.500h14M9 4.500v4M15 4.500v4M9 15l2 2 4-4',
  chat: 'M5 5h14a2 2 0 0 1 2 2v8a2 2 0 0 1-2 2h-7l-5 3.500V17H5a2 2 0 0 1-2-2V7a2 2 0 0 1 2-2z',
  reply: 'M10 6.500L4.500 12l5.500 5.500M5 12h8.500a6 6 0 0 1 6 6v.5',
  copy: 'M9 9h10.500v10.500H9zM15 9V4.500H4.500V15H9',
  edit: 'M5 19l.8-4L16.500 4.300a1.500 1.500 0 0 1 2.100 0l1.100 1.100a1.500 1.500 0 0 1 0 2.100L9 18.200zM14.500 6.500l3 3',
  delete: 'M5 7.500h14M9.500 7.500V5h5v2.500M7 7.500l.8 12h8.400l.8-12M10.500 11v5M13.500 11v5',
  add: 'M12 5.500v13M5.500 12h13',
  attach: 'M19.500 11.500l-7.600 7.600a4.500 4.500 0 0 1-6.400-6.400l8-8a3 3 0 0 1 4.300 4.300l-7.900 7.900a1.500 1.500 0 0 1-2.200-2.200l7.200-7.200',
  microphone: 'M12 14.500a3 3 0 0 0 3-3V7a3 3 0 0 0-6 0v4.500a3 3 0 0 0 3 3zM6 11.500a6 6 0 0 0 12 0M12 17.500V20.500',
  play: 'M8.500 5.500l10 6.500-10 6.500z',
  pause: 'M9 6v12M15 6v12',
  file: 'M7 3.500h7l4.500 4.500v12.500h-11.500zM13.500 3.500V8.500h5',
  flag: 'M6 20.500V4.500M6 5h11.500l-2.500 4 2.500 4H6',
  download: 'M12 4.500v10.500M7 10.500l5 5 5-5M5 19.500h14',
  retry: 'M18.500 8.500A7.500 7.500 0 1 0 19.500 13M19 4.500v4.500h-4.500',
  person: 'M12 12a4 4 0 1 0 0-8 4 4 0 0 0 0 8zM4.500 20c.8-3.500 3.800-5.500 7.500-5.500s6.700 2 7.500 5.500',
  signOut: 'M10 5H6.500A1.500 1.500 0 0 0 5 6.500v11A1.500 1.500 0 0 0 6.500 19H10M14.500 8l4 4-4 4M18.500 12H10',
} as const;

export type IconName = keyof typeof PATHS;

/** They point to where one goes or to what was said before: the other way where one reads from right to left. */
const POINTING: ReadonlySet<IconName> = new Set(['back', 'forward', 'send', 'reply', 'signOut']);

interface Props {
  name: IconName;
  size?: number;
}

/** A picture beside words, or on a button that has a label: it says nothing by itself. */
export function Icon({ name, size = 20 }: Props) {
  return (
    <svg
      width={size}
      height={size}
      viewBox="0 0 24 24"
      fill="none"
      stroke="currentColor"
      strokeWidth={name === 'more' ? 2.6 : 1.7}
      strokeLinecap="round"
      strokeLinejoin="round"
      aria-hidden="true"
      focusable="false"
      className={POINTING.has(name) ? styles.pointing : undefined}
    >
      <path d={PATHS[name]} />
    </svg>
  );
}
