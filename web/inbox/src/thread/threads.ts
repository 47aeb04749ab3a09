// The open threads: a range of messages each, which pages make longer and live events keep true.
import type { Client } from 'urql';
import type { Edge, Message } from '../api/messages-in';
import type { Store } from '../api/store';
import { OpenThread } from './open-thread';
import type { Range } from './range';

/** Where one reads: a message, and how far it stands below the edge of the box, in pixels. */
export interface Place {
  seq: number;
  top?: number;
}

export interface Target extends Place {
  id: string;
  /** place: one was there before. */
  why: 'unread' | 'jump' | 'place';
}

export interface ThreadState extends Range {
  /** missing: there is no such conversation, or not for the viewer. */
  status: 'loading' | 'ready' | 'missing';
  /** Which message to show first, and why; null for the newest. It changes with every jump. */
  target: Target | null;
  /** The message before which it says that what follows is new. */
  unreadFrom: number | null;
  /** Grows whenever another part of the thread is shown. */
  generation: number;
}

export interface Thread extends Store<ThreadState> {
  readonly conversationId: string;
  /** Null at the end. Whoever shows it says so, and whoever comes back is there again. */
  place: Place | null;
  loadEarlier(): Promise<void>;
  loadLater(): Promise<void>;
  /** Shows a message, wherever it is. False when there is none, or it is gone. */
  jumpTo(messageId: string): Promise<boolean>;
  /** Shows the newest messages. */
  jumpToNewest(): Promise<void>;
}

export interface Threads {
  /** The thread of a conversation: where one has left it, else from its first unread message, or from `messageId`. */
  open(conversationId: string, messageId?: string): Thread;
  /** Takes in a message that was told of; what is new needs its edge. */
  take(message: Message, edge?: Edge): void;
  /** The viewer is in a conversation no more. */
  lose(conversationId: string): void;
  /** They are in it, perhaps again. */
  find(conversationId: string): void;
  /** Reads again what is shown, after the stream could not go on. */
  refetch(): Promise<void>;
  /** Asks nothing any more. */
  stop(): void;
}

/** A few threads stay as they were left, so that going back is at once. */
const KEPT = 8;

export function createThreads(client: Client): Threads {
  const threads = new Map<string, OpenThread>();
  return {
    open(conversationId, messageId) {
      const known = threads.get(conversationId);
      threads.delete(conversationId);
      const thread = known ?? new OpenThread(client, conversationId);
      threads.set(conversationId, thread);
      for (const [id, oldest] of threads) {
        if (threads.size <= KEPT) break;
        if (oldest === thread || oldest.isShown) continue;
        threads.delete(id);
        oldest.stop();
      }
      void thread.begin(messageId);
      return thread;
    },
    take(message, edge) {
      threads.get(message.conversation.id)?.take(message, edge);
    },
    lose(conversationId) {
      threads.get(conversationId)?.lose();
    },
    find(conversationId) {
      const thread = threads.get(conversationId);
      if (thread?.get().status === 'missing') void thread.begin();
    },
    async refetch() {
      await Promise.all([...threads.values()].map((thread) => thread.refetch()));
    },
    stop() {
      for (const thread of threads.values()) thread.stop();
    },
  };
}
