// Which part of the loaded messages is in the document: never more than so many, however long the thread is.
import { firstSeq, lastSeq, type Range } from './range';

/** Both ends are in it, by `seq`. */
export interface Window {
  from: number;
  to: number;
}

export const MOST = 120;
const STEP = 40;

const clamp = (window: Window, range: Range): Window => ({
  from: Math.max(window.from, firstSeq(range)),
  to: Math.min(window.to, lastSeq(range)),
});

/** Around a message, or at the end when there is none to show. */
export function windowAround(seq: number | undefined, range: Range): Window {
  const to = seq === undefined ? lastSeq(range) : seq + MOST / 2 - 1;
  return clamp({ from: (seq ?? to) - MOST / 2, to }, range);
}

export function earlier({ from, to }: Window, range: Range): Window {
  const next = Math.max(firstSeq(range), from - STEP);
  return { from: next, to: Math.min(to, next + MOST - 1) };
}

export function later({ from, to }: Window, range: Range): Window {
  const next = Math.min(lastSeq(range), to + STEP);
  return { from: Math.max(from, next - MOST + 1), to: next };
}

/** At the end, where the newest message is. */
export const atEnd = (window: Window, range: Range): Window => later({ ...window, to: lastSeq(range) - STEP }, range);
