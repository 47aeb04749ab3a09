// Scrolling of the messages: which of them are in the document, and that those one looks at stay where they are.
import { useCallback, useEffect, useLayoutEffect, useRef, useState, type RefObject } from 'react';
import { firstSeq, lastSeq } from './range';
import type { Thread, ThreadState } from './threads';
import { atEnd, earlier, later, windowAround, type Window } from './window';

/** This close to an end of what is in the document, more is put there. */
const NEAR = 900;
/** This close to the newest message, one follows it. */
const AT_END = 48;

interface Anchor {
  seq: number;
  top: number;
  /** Where the box was scrolled to. */
  scrollTop: number;
}

type Measures = Pick<HTMLElement, 'scrollTop' | 'scrollHeight' | 'clientHeight'>;

export interface Scrolling {
  box: RefObject<HTMLDivElement | null>;
  content: RefObject<HTMLOListElement | null>;
  window: Window;
  isAtEnd: boolean;
  onScroll(): void;
}

export function useScrolling(thread: Thread, state: ThreadState): Scrolling {
  const box = useRef<HTMLDivElement>(null);
  const content = useRef<HTMLOListElement>(null);
  const anchor = useRef<Anchor | null>(null);
  const follows = useRef(true);
  /** When the end was last seen: where the box was scrolled to, and how large it and what is in it were. */
  const ended = useRef<Measures>({ scrollTop: 0, scrollHeight: 0, clientHeight: 0 });
  const shownGeneration = useRef(-1);
  const [kept, setKept] = useState<{ window: Window; generation: number } | null>(null);
  const [isAtEnd, setAtEnd] = useState(true);

  let shown: Window;
  if (kept?.generation !== state.generation) shown = windowAround(state.target?.seq, state);
  else if (follows.current && !state.hasNext) shown = atEnd(kept.window, state);
  else shown = kept.window;
  const { from, to } = shown;

  const move = (next: Window): void => {
    if (next.from !== from || next.to !== to) setKept({ window: next, generation: state.generation });
  };

  const look = useCallback((): void => {
    // What a closed drawer holds is nowhere.
    if (box.current === null || content.current === null || box.current.clientHeight === 0) return;
    anchor.current = anchorIn(box.current, content.current);
    const { generation, status } = thread.get();
    // Another part is about to be shown: where one was in this one says nothing of that.
    if (status !== 'ready' || generation !== shownGeneration.current) return;
    if (follows.current) thread.place = null;
    else if (anchor.current) thread.place = { seq: anchor.current.seq, top: anchor.current.top };
  }, [thread]);

  /** Puts more into the document where there is little left to scroll, and asks the server before that runs out. */
  const fill = (): void => {
    const element = box.current;
    if (element === null || state.status !== 'ready') return;
    const above = element.scrollTop;
    const below = element.scrollHeight - element.scrollTop - element.clientHeight;
    if (above < NEAR && from > firstSeq(state)) move(earlier(shown, state));
    else if (below < NEAR && to < lastSeq(state)) move(later(shown, state));
    if (above < NEAR && from - firstSeq(state) < 40) void thread.loadEarlier();
    if (below < NEAR && lastSeq(state) - to < 40) void thread.loadLater();
  };

  const settle = useCallback((): void => {
    const element = box.current;
    if (element === null || content.current === null) return;
    if (follows.current) {
      element.scrollTop = element.scrollHeight;
      ended.current = measuresOf(element);
    } else if (anchor.current) {
      const row = rowOf(content.current, anchor.current.seq);
      const top = anchor.current.top - scrolledSince(element, anchor.current);
      if (row) element.scrollTop += row.getBoundingClientRect().top - element.getBoundingClientRect().top - top;
    }
    look();
  }, [look]);

  const onScroll = (): void => {
    const element = box.current;
    if (element === null) return;
    const isAtNewest = !state.hasNext && to === lastSeq(state);
    const isNear = isAtNewest && element.scrollHeight - element.scrollTop - element.clientHeight < AT_END;
    // It was not the reader who moved: what has grown since is below, or the browser has moved what had become too short.
    const hasStayed = element.scrollTop > ended.current.scrollTop - 1 || !isAsLarge(element, ended.current);
    follows.current = isNear || (follows.current && isAtNewest && hasStayed);
    setAtEnd(follows.current);
    if (isNear) ended.current = measuresOf(element);
    else if (follows.current) settle();
    look();
    fill();
  };

  // After every change: first where one looks, then whether there is enough around it.
  useLayoutEffect(() => {
    if (state.status !== 'ready') return;
    if (shownGeneration.current !== state.generation) {
      shownGeneration.current = state.generation;
      follows.current = state.target === null;
      setKept({ window: shown, generation: state.generation });
      const row = state.target && content.current && rowOf(content.current, state.target.seq);
      if (row && box.current) {
        const top = state.target?.top ?? box.current.clientHeight / 4;
        box.current.scrollTop += row.getBoundingClientRect().top - box.current.getBoundingClientRect().top - top;
        look();
        onScroll();
        return;
      }
    }
    settle();
    fill();
  });

  // Pictures arrive, the keyboard opens, the window turns.
  useEffect(() => {
    const observer = new ResizeObserver(settle);
    if (box.current) observer.observe(box.current);
    if (content.current) observer.observe(content.current);
    return () => observer.disconnect();
  }, [settle]);

  return { box, content, window: shown, isAtEnd, onScroll };
}

const measuresOf = ({ scrollTop, scrollHeight, clientHeight }: HTMLElement): Measures => ({ scrollTop, scrollHeight, clientHeight });

const isAsLarge = (box: HTMLElement, before: Measures): boolean =>
  box.scrollHeight === before.scrollHeight && box.clientHeight === before.clientHeight;

/**
 * How far one has scrolled since, of which the page is told later. At the end of what can be scrolled nobody knows: the browser
 * may have moved there by itself, because less is below than was.
 */
function scrolledSince(box: HTMLElement, { scrollTop }: Anchor): number {
  const isAtLimit = box.scrollHeight - box.scrollTop - box.clientHeight < 1;
  return isAtLimit ? 0 : box.scrollTop - scrollTop;
}

const rowOf = (content: HTMLElement, seq: number): Element | null => content.querySelector(`[data-seq="${seq}"]`);

/** The first row that can be seen, and where. */
function anchorIn(box: HTMLElement, content: HTMLElement): Anchor | null {
  const top = box.getBoundingClientRect().top;
  for (const row of content.querySelectorAll<HTMLElement>('[data-seq]')) {
    const rect = row.getBoundingClientRect();
    if (rect.bottom > top) return { seq: Number(row.dataset.seq), top: rect.top - top, scrollTop: box.scrollTop };
  }
  return null;
}
