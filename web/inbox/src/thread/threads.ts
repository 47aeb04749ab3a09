// The open threads: a range of messages each, which pages make longer and live events keep true.
import type { AnyVariables, Client, TypedDocumentNode } from 'urql';
import type { MessagePageQueryVariables } from '../api/generated';
import type { Edge, Message } from '../api/messages-in';
import { createStore, type Store } from '../api/store';
import { asViewer, type Source } from './source';
import { EMPTY, firstSeq, lastSeq, rangeOf, withChanged, withEarlier, withLater, withNext, type Page, type Range } from './range';

const PAGE = 50;
/** Between two attempts to read, in milliseconds. */
const AGAIN = 1_500;
/** After these the same question would be answered in the same way. */
const FINAL = new Set(['BAD_USER_INPUT', 'GRAPHQL_VALIDATION_FAILED', 'FORBIDDEN', 'NOT_FOUND']);

export interface ThreadState extends Range {
  /** missing: there is no such conversation, or not for the viewer. */
  status: 'loading' | 'ready' | 'missing';
  /** Which message to show first, and why; null for the newest. It changes with every jump. */
  target: { id: string; seq: number; why: 'unread' | 'jump' } | null;
  /** Grows whenever another part of the thread is shown. */
  generation: number;
}

export interface Thread extends Store<ThreadState> {
  readonly conversationId: string;
  loadEarlier(): Promise<void>;
  loadLater(): Promise<void>;
  /** Shows a message, wherever it is. False when there is none, or it is gone. */
  jumpTo(messageId: string): Promise<boolean>;
  /** Shows the newest messages. */
  jumpToNewest(): Promise<void>;
}

export interface Threads {
  /** The thread of a conversation, loaded from its first unread message, or from `messageId`. */
  open(conversationId: string, messageId?: string): Thread;
  /** Takes in a message that was told of; what is new needs its edge. */
  take(message: Message, edge?: Edge): void;
  /** Reads again what is shown, after the stream could not go on. */
  refetch(): Promise<void>;
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
      for (const oldest of threads.keys()) {
        if (threads.size <= KEPT) break;
        threads.delete(oldest);
      }
      void thread.begin(messageId);
      return thread;
    },
    take(message, edge) {
      threads.get(message.conversation.id)?.take(message, edge);
    },
    async refetch() {
      await Promise.all([...threads.values()].map((thread) => thread.refetch()));
    },
  };
}

export class OpenThread implements Thread {
  private readonly store = createStore<ThreadState>({ ...EMPTY, status: 'loading', target: null, generation: 0 });
  /** What came live before what stands in front of it. */
  private early = new Map<number, Edge>();
  private isLoading = { earlier: false, later: false };

  constructor(
    private readonly client: Client,
    readonly conversationId: string,
    private readonly source: Source = asViewer,
  ) {}

  get = (): ThreadState => this.store.get();
  set = (next: ThreadState): void => this.store.set(next);
  subscribe = (listener: () => void): (() => void) => this.store.subscribe(listener);

  /** From a message that is wished for, the first unread one, or the newest. */
  async begin(messageId?: string): Promise<void> {
    if (messageId !== undefined && (await this.jumpTo(messageId))) return;
    const start = await this.source.start(this.read, this.conversationId);
    if (!start) return this.set({ ...this.get(), status: 'missing' });
    const unread = start.firstUnreadMessage;
    if (unread) await this.show({ around: unread.id, first: PAGE }, { ...unread, why: 'unread' });
    else await this.show({ last: PAGE }, null);
  }

  async jumpTo(messageId: string): Promise<boolean> {
    const there = this.get().edges.find(({ node }) => node.id === messageId)?.node;
    if (there) {
      const state = this.get();
      this.set({ ...state, target: { id: there.id, seq: there.seq, why: 'jump' }, generation: state.generation + 1 });
      return true;
    }
    return this.show({ around: messageId, first: PAGE }, { id: messageId, seq: 0, why: 'jump' });
  }

  async jumpToNewest(): Promise<void> {
    const state = this.get();
    if (state.hasNext) await this.show({ last: PAGE }, null);
    else this.set({ ...state, target: null, generation: state.generation + 1 });
  }

  async loadEarlier(): Promise<void> {
    const state = this.get();
    const before = state.edges[0]?.cursor;
    if (!state.hasPrevious || this.isLoading.earlier || before === undefined) return;
    this.isLoading.earlier = true;
    const page = await this.page({ last: PAGE, before });
    this.isLoading.earlier = false;
    // Somebody may have jumped elsewhere meanwhile.
    const now = this.get();
    if (page && firstSeq(now) === firstSeq(state)) this.set({ ...now, ...withEarlier(now, page) });
  }

  async loadLater(): Promise<void> {
    if (this.get().hasNext) await this.fetchLater();
  }

  /** Also when the newest message is there: another may have followed it. */
  async fetchLater(): Promise<void> {
    const state = this.get();
    const after = state.edges.at(-1)?.cursor;
    if (this.isLoading.later || after === undefined) return;
    this.isLoading.later = true;
    const page = await this.page({ first: PAGE, after });
    this.isLoading.later = false;
    const now = this.get();
    const isSamePart = firstSeq(now) <= lastSeq(state) && lastSeq(now) >= lastSeq(state);
    if (page && isSamePart) this.set({ ...now, ...withLater(now, page) });
    this.takeEarly();
  }

  take(message: Message, edge?: Edge): void {
    const state = this.get();
    const changed = withChanged(state, message);
    if (changed !== state) return this.set({ ...state, ...changed });
    if (edge === undefined || message.seq <= lastSeq(state)) return;
    this.early.set(message.seq, edge);
    if (state.status === 'ready') this.takeEarly();
  }

  /** The same part once more: it may have changed in any way. */
  async refetch(): Promise<void> {
    const state = this.get();
    if (state.status !== 'ready') return;
    const middle = state.hasNext ? state.edges[state.edges.length >> 1]?.node : undefined;
    if (middle) await this.show({ around: middle.id, first: PAGE }, { id: middle.id, seq: middle.seq, why: 'jump' });
    else await this.show({ last: PAGE }, null);
  }

  private async show(which: Omit<MessagePageQueryVariables, 'id'>, target: ThreadState['target']): Promise<boolean> {
    const page = await this.page(which);
    if (page === null) return false;
    const node = page.edges.find(({ node }) => node.id === target?.id)?.node;
    this.set({
      ...rangeOf(page),
      status: 'ready',
      target: target && node ? { ...target, seq: node.seq } : null,
      generation: this.get().generation + 1,
    });
    this.takeEarly();
    return true;
  }

  /** Null when there is none: the message that it is to be around is not there, or the conversation is not the viewer's. */
  private async page(which: Omit<MessagePageQueryVariables, 'id'>): Promise<Page | null> {
    const page = await this.source.page(this.read, { id: this.conversationId, ...which });
    if (page === null) this.set({ ...this.get(), status: 'missing' });
    return page ?? null;
  }

  /** Asks until there is an answer: without a network there is one later. Nothing when the server refuses. */
  private read = async <Data, Variables extends AnyVariables>(
    document: TypedDocumentNode<Data, Variables>,
    variables: Variables,
  ): Promise<Partial<Data>> => {
    for (;;) {
      const { data, error } = await this.client.query(document, variables, { requestPolicy: 'network-only' }).toPromise();
      if (data && !error) return data;
      const { code, retryAfterMs } = error?.graphQLErrors[0]?.extensions ?? {};
      if (typeof code === 'string' && FINAL.has(code)) return {};
      const pause = typeof retryAfterMs === 'number' ? retryAfterMs : AGAIN;
      await new Promise((resolve) => setTimeout(resolve, pause));
    }
  };

  private takeEarly(): void {
    const state = this.get();
    // Who looks at old messages comes to these by and by, with a page.
    if (state.hasNext) return this.early.clear();
    let range: Range = state;
    for (const [seq, edge] of [...this.early].sort(([a], [b]) => a - b)) {
      const next = withNext(range, edge);
      if (next !== range || seq <= lastSeq(range)) this.early.delete(seq);
      range = next;
    }
    if (range !== state) this.set({ ...state, ...range });
    // One's own message was answered before somebody's earlier one was told.
    if (this.early.size > 0) void this.fetchLater();
  }
}
