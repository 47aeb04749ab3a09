// What the footer says of a subscription: GraphiQL shows only the latest event, so we count them.
import { useSyncExternalStore } from 'react';

export interface Live {
  state: 'connecting' | 'live';
  events: number;
}

let live: Live = { state: 'connecting', events: 0 };
const listeners = new Set<() => void>();

function change(next: Live): void {
  live = next;
  listeners.forEach((tell) => tell());
}

/** A new subscription counts from zero. */
export const showState = (state: Live['state']): void =>
  change({ state, events: state === 'connecting' ? 0 : live.events });

/** Also says that it lives: a second subscription finds the connection open already. */
export const countEvent = (): void => change({ state: 'live', events: live.events + 1 });

function listen(tell: () => void): () => void {
  listeners.add(tell);
  return () => listeners.delete(tell);
}

export const useLive = (): Live => useSyncExternalStore(listen, () => live);
