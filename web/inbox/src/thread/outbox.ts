// What was written and is not confirmed yet. It is kept in the browser before it is sent, so a reload or a broken connection
// loses nothing; each message has a key of its own (clientMessageId), so sending it again doubles nothing.
import type { Palaver } from '@palaver/client';
import type { Client } from 'urql';
import type { Quoted } from '../actions/quote';
import { keep, readKept } from '../api/kept';
import { createStore, type Store } from '../api/store';
import type { Attachment } from '../attachments/upload';
import { sendOnce, type Outcome } from './sending';

export interface SubjectRef {
  kind: string;
  externalId: string;
}

export interface Outgoing {
  clientMessageId: string;
  /** Where to; a subject when it opens the conversation about it. */
  to: { conversationId: string } | { subject: SubjectRef };
  body: string;
  /** Given to the server before. */
  attachments?: Attachment[];
  replyToId?: string;
  /** What it answers, to show it meanwhile. */
  replyTo?: Quoted;
  /** Milliseconds of the browser's clock. */
  writtenAt: number;
  /**
   * refused: the server said no, and `refusal` why; the writer decides what becomes of it.
   * sent: it is stored, and shown until the thread has it, which may be a moment later.
   */
  state: 'waiting' | 'refused' | 'sent';
  refusal?: { code: string; detail?: string };
}

export type NewMessage = Pick<Outgoing, 'to' | 'body' | 'attachments' | 'replyToId' | 'replyTo'>;

export interface Outbox extends Store<readonly Outgoing[]> {
  add(message: NewMessage): Outgoing;
  /** Sends what was refused once more, with the same key. */
  retry(clientMessageId: string): void;
  discard(clientMessageId: string): void;
  /** Hears where a message ended up that opened a conversation. */
  onOpened(listener: (outgoing: Outgoing, conversationId: string) => void): () => void;
  /** Hears of every message that the server has taken, before it is out of the outbox. */
  onSent(listener: (outgoing: Outgoing, conversationId: string, messageId: string) => void): () => void;
  stop(): void;
}

const FIRST_PAUSE = 500;
const LONGEST_PAUSE = 20_000;
/** How long a sent message is shown at most without being in its thread. */
const SHOWN = 30_000;

const isSame = (a: Outgoing['to'], b: Outgoing['to']): boolean => JSON.stringify(a) === JSON.stringify(b);

export function createOutbox(client: Client, palaver: Palaver, whose: string): Outbox {
  const key = `palaver:outbox:${whose}`;
  const store = createStore<readonly Outgoing[]>(keptIn(key));
  const opened = new Set<(outgoing: Outgoing, conversationId: string) => void>();
  const taken = new Set<(outgoing: Outgoing, conversationId: string, messageId: string) => void>();
  const sending = new Set<string>();
  let pause = FIRST_PAUSE;
  let timer: ReturnType<typeof setTimeout> | undefined;
  let isStopped = false;

  let sent: readonly Outgoing[] = [];

  /** All of it, while the browser has no room for it or may keep nothing. */
  let unkept: readonly Outgoing[] | null = null;
  const read = (): readonly Outgoing[] => unkept ?? keptIn(key);

  const change = (next: readonly Outgoing[]): void => {
    unkept = keep('local', key, next.length === 0 ? null : JSON.stringify(next)) ? null : next;
    store.set([...sent, ...next]);
  };
  const showAsSent = (outgoing: Outgoing): void => {
    sent = [...sent, { ...outgoing, state: 'sent' }];
    setTimeout(() => {
      sent = sent.filter(({ clientMessageId }) => clientMessageId !== outgoing.clientMessageId);
      store.set([...sent, ...read()]);
    }, SHOWN);
  };
  const without = (id: string): void => change(read().filter((one) => one.clientMessageId !== id));
  const replace = (id: string, fields: Partial<Outgoing>): void =>
    change(read().map((one) => (one.clientMessageId === id ? { ...one, ...fields } : one)));

  /** One at a time for each conversation, so they arrive in the order in which they were written. */
  const work = (): void => {
    if (isStopped) return;
    const places: Outgoing['to'][] = [];
    for (const one of store.get()) {
      if (one.state !== 'waiting' || places.some((place) => isSame(place, one.to))) continue;
      places.push(one.to);
      if (!sending.has(one.clientMessageId)) void send(one);
    }
  };

  const send = async (outgoing: Outgoing): Promise<void> => {
    sending.add(outgoing.clientMessageId);
    const outcome: Outcome = await sendOnce(client, outgoing);
    sending.delete(outgoing.clientMessageId);
    if (outcome.is === 'sent') {
      pause = FIRST_PAUSE;
      for (const listener of [...taken]) listener(outgoing, outcome.conversationId, outcome.messageId);
      if ('subject' in outgoing.to) for (const listener of [...opened]) listener(outgoing, outcome.conversationId);
      showAsSent(outgoing);
      without(outgoing.clientMessageId);
    } else if (outcome.is === 'refused') {
      replace(outgoing.clientMessageId, { state: 'refused', refusal: outcome.refusal });
    } else {
      later(outcome.retryAfter);
      return;
    }
    work();
  };

  const later = (retryAfter = pause * (0.5 + Math.random())): void => {
    pause = Math.min(pause * 2, LONGEST_PAUSE);
    clearTimeout(timer);
    timer = setTimeout(work, retryAfter);
  };

  const hurry = (): void => {
    clearTimeout(timer);
    pause = FIRST_PAUSE;
    work();
  };
  const stopListening = palaver.onStatus(({ state }) => state === 'live' && hurry());
  // Another tab of the same person has sent or written something.
  const follow = (event: StorageEvent): void => {
    if (event.key === key) store.set([...sent, ...read()]);
  };
  globalThis.addEventListener('storage', follow);
  queueMicrotask(work);

  return {
    ...store,
    add(message) {
      const outgoing: Outgoing = {
        ...message,
        clientMessageId: crypto.randomUUID(),
        writtenAt: Date.now(),
        state: 'waiting',
      };
      change([...read(), outgoing]);
      work();
      return outgoing;
    },
    retry(id) {
      replace(id, { state: 'waiting', refusal: undefined });
      hurry();
    },
    discard: without,
    onOpened(listener) {
      opened.add(listener);
      return () => {
        opened.delete(listener);
      };
    },
    onSent(listener) {
      taken.add(listener);
      return () => {
        taken.delete(listener);
      };
    },
    stop() {
      isStopped = true;
      clearTimeout(timer);
      stopListening();
      globalThis.removeEventListener('storage', follow);
    },
  };
}

function keptIn(key: string): readonly Outgoing[] {
  try {
    const kept: unknown = JSON.parse(readKept('local', key) ?? '[]');
    return Array.isArray(kept) ? (kept as Outgoing[]) : [];
  } catch {
    return [];
  }
}
