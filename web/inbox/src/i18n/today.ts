// The day that it is where the viewer is. Who shows "Today" or "Yesterday" is told when that is so no longer.
import { useSyncExternalStore } from 'react';
import { dayOf, nextDay } from './times';

/** In milliseconds. A timer that is longer is not kept to, and while a machine sleeps none is. */
const LONGEST = 60 * 60_000;

const listeners = new Set<() => void>();
let timer: ReturnType<typeof setTimeout> | undefined;
let today = dayOf(Date.now());

function look(): void {
  clearTimeout(timer);
  const now = Date.now();
  const before = today;
  today = dayOf(now);
  timer = setTimeout(look, Math.min(nextDay(now) - now, LONGEST));
  if (today !== before) for (const listener of [...listeners]) listener();
}

function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  if (listeners.size === 1) {
    document.addEventListener('visibilitychange', look);
    look();
  }
  return () => {
    listeners.delete(listener);
    if (listeners.size > 0) return;
    document.removeEventListener('visibilitychange', look);
    clearTimeout(timer);
  };
}

function get(): number {
  // Without anybody to tell nobody has looked.
  if (listeners.size === 0) today = dayOf(Date.now());
  return today;
}

/** Its beginning, as `dayOf` has it. */
export const useToday = (): number => useSyncExternalStore(subscribe, get);
