// What was really seen is marked as read: the page in front, and the message within it.
import { useCallback, useEffect, useRef, type RefObject } from 'react';
import { useClient } from 'urql';
import { MarkReadDocument } from '../api/generated';
import type { Conversation } from '../conversations/people';

/** Glances that follow each other quickly are one mark. */
const PAUSE = 250;
const AGAIN = 1_000;

const isLookedAt = (): boolean => document.visibilityState === 'visible' && document.hasFocus();

export function useReadMarks(
  box: RefObject<HTMLElement | null>,
  { id: conversationId, viewerParticipant }: Conversation,
  lastReadSeq: number,
): () => void {
  const client = useClient();
  const marked = useRef(lastReadSeq);
  const timer = useRef<ReturnType<typeof setTimeout> | undefined>(undefined);
  if (lastReadSeq > marked.current) marked.current = lastReadSeq;
  const isMember = viewerParticipant !== null;

  const mark = useCallback((): void => {
    timer.current = undefined;
    const seen = box.current && isLookedAt() ? lastSeenIn(box.current) : null;
    if (seen === null || seen.seq <= marked.current) return;
    const before = marked.current;
    marked.current = seen.seq;
    void client
      .mutation(MarkReadDocument, { conversationId, upToMessageId: seen.id })
      .toPromise()
      .then(({ error }) => {
        if (!error) return;
        // Not told: once more, unless nobody looks any more.
        marked.current = before;
        if (box.current) timer.current ??= setTimeout(markAgain.current, AGAIN);
      });
  }, [box, client, conversationId]);

  const markAgain = useRef(mark);
  markAgain.current = mark;

  const look = useCallback((): void => {
    if (isMember) timer.current ??= setTimeout(mark, PAUSE);
  }, [isMember, mark]);

  useEffect(() => {
    window.addEventListener('focus', look);
    document.addEventListener('visibilitychange', look);
    // Also of whatever the page around an element scrolls.
    document.addEventListener('scroll', look, { passive: true, capture: true });
    return () => {
      clearTimeout(timer.current);
      timer.current = undefined;
      window.removeEventListener('focus', look);
      document.removeEventListener('visibilitychange', look);
      document.removeEventListener('scroll', look, { capture: true });
    };
  }, [look]);

  return look;
}

/** The last message that is in sight as a whole, or as far as the box is high. */
function lastSeenIn(box: HTMLElement): { id: string; seq: number } | null {
  // In a host's page it may be further down than one has scrolled, or in a closed drawer.
  const bottom = Math.min(box.getBoundingClientRect().bottom, window.innerHeight);
  if (box.clientHeight === 0) return null;
  const rows = [...box.querySelectorAll<HTMLElement>('[data-seq]')];
  const row = rows.findLast((one) => {
    const rect = one.getBoundingClientRect();
    return rect.bottom <= bottom + 8 || (rect.top < bottom && rect.height > box.clientHeight);
  });
  return row?.dataset.id ? { id: row.dataset.id, seq: Number(row.dataset.seq) } : null;
}
