// One thread: what is shown of it, who has the turn to show another part, and what comes live.
import type { Client } from 'urql';
import type { MessagePageQueryVariables } from '../api/generated';
import type { Edge, Message } from '../api/messages-in';
import { createStore } from '../api/store';
import { EMPTY, lastSeq, rangeOf, withChanged, withEarlier, withLater, withNext, type Page, type Range } from './range';
import { readerOf } from './reading';
import { asViewer, type Source } from './source';
import type { Place, Target, Thread, ThreadState } from './threads';
import { firstUnreadIn } from './unread';

const PAGE = 50;
const NOTHING = { ...EMPTY, status: 'loading', target: null, unreadFrom: null } as const;

export class OpenThread implements Thread {
  place: Place | null = null;
  private readonly store = createStore<ThreadState>({ ...NOTHING, generation: 0 });
  /** What came live before what stands in front of it. */
  private early = new Map<number, Edge>();
  /** The newest message that was told of. */
  private newest = 0;
  /** Another one for each part that is shown, so that a page of the one before is known. */
  private isLoading = { earlier: false, later: false };
  private turn = 0;
  private watchers = 0;

  constructor(
    private readonly client: Client,
    readonly conversationId: string,
    private readonly source: Source = asViewer,
  ) {}

  get = (): ThreadState => this.store.get();
  set = (next: ThreadState): void => this.store.set(next);
  subscribe = (listener: () => void): (() => void) => {
    const stop = this.store.subscribe(listener);
    this.watchers += 1;
    return () => {
      this.watchers -= 1;
      stop();
    };
  };

  get isShown(): boolean {
    return this.watchers > 0;
  }

  /** From a message that is wished for, from where one was before, the first unread one, or the newest. */
  async begin(messageId?: string): Promise<void> {
    const isOver = this.takeTurn();
    if (messageId !== undefined && (await this.find(messageId, isOver))) return;
    if (this.get().status === 'ready') return this.comeBack();
    const start = await this.source.start(readerOf(this.client, isOver), this.conversationId);
    if (isOver()) return;
    if (!start) return this.set({ ...this.get(), status: 'missing' });
    const unread = start.firstUnreadMessage;
    if (unread) await this.ask({ around: unread.id, first: PAGE }, isOver, { ...unread, why: 'unread' });
    else await this.ask({ last: PAGE }, isOver, null);
  }

  jumpTo(messageId: string): Promise<boolean> {
    return this.find(messageId, this.takeTurn());
  }

  async jumpToNewest(): Promise<void> {
    const isOver = this.takeTurn();
    const { status, hasNext } = this.get();
    // Who sends before anything is there has ended the turn that would have brought it.
    if (hasNext || status !== 'ready') await this.ask({ last: PAGE }, isOver, null);
    else this.show(this.get(), null, null);
  }

  async loadEarlier(): Promise<void> {
    const { isLoading } = this;
    const { edges, hasPrevious } = this.get();
    const before = edges[0]?.cursor;
    if (!hasPrevious || isLoading.earlier || before === undefined) return;
    isLoading.earlier = true;
    const isOver = (): boolean => this.isLoading !== isLoading;
    const page = await this.page({ last: PAGE, before }, isOver);
    isLoading.earlier = false;
    // Somebody may have jumped elsewhere meanwhile.
    if (page && !isOver()) this.set({ ...this.get(), ...withEarlier(this.get(), page) });
  }

  async loadLater(): Promise<void> {
    if (this.get().hasNext) await this.fetchLater();
  }

  /** Also when the newest message is there: another may have followed it. */
  async fetchLater(): Promise<void> {
    const { isLoading } = this;
    const after = this.get().edges.at(-1)?.cursor;
    if (isLoading.later || after === undefined) return;
    isLoading.later = true;
    const isOver = (): boolean => this.isLoading !== isLoading;
    const page = await this.page({ first: PAGE, after }, isOver);
    isLoading.later = false;
    if (isOver()) return;
    if (page) this.set({ ...this.get(), ...withLater(this.get(), page) });
    // Whatever was told of, the viewer may see no more than this.
    if (!page?.edges.length) this.newest = lastSeq(this.get());
    this.takeEarly();
  }

  take(message: Message, edge?: Edge): void {
    const state = this.get();
    const changed = withChanged(state, message);
    if (changed !== state) return this.set({ ...state, ...changed });
    if (edge === undefined || message.seq <= lastSeq(state)) return;
    this.newest = Math.max(this.newest, message.seq);
    this.early.set(message.seq, edge);
    if (state.status === 'ready') this.takeEarly();
  }

  /** What one looks at once more: it may have changed in any way. */
  async refetch(): Promise<void> {
    for (;;) {
      const { status, generation, unreadFrom } = this.get();
      if (status !== 'ready') return;
      // Who has been shown another part meanwhile, or has scrolled away, is not moved back.
      const isOver = (): boolean => this.get().generation !== generation;
      const around = this.nodeAt(this.place)?.id;
      const page = await this.page(around === undefined ? { last: PAGE } : { around, first: PAGE }, isOver);
      if (isOver()) continue;
      if (page === null) return;
      const range = rangeOf(page);
      const place = this.nodeAt(this.place) ? this.place : null;
      const node = this.nodeAt(place, range);
      if (place && node) return this.show(range, { ...place, id: node.id, why: 'place' }, unreadFrom);
      if (place === null && !range.hasNext) return this.show(range, null, unreadFrom);
    }
  }

  /** Whatever was asked is not wanted any more. */
  stop(status: 'loading' | 'missing' = 'loading'): void {
    this.takeTurn();
    this.isLoading = { earlier: false, later: false };
    this.set({ ...NOTHING, status, generation: this.get().generation + 1 });
  }

  /** The viewer is out of it: nothing of it is shown, or kept. */
  lose(): void {
    this.place = null;
    this.early.clear();
    this.newest = 0;
    this.stop('missing');
  }

  /** Who wants to see another part has the turn; what was asked in the turn before is over. */
  private takeTurn(): () => boolean {
    this.turn += 1;
    const mine = this.turn;
    return () => this.turn !== mine;
  }

  /** Nothing is asked: whatever was told meanwhile is there. Who was at the end begins with what is new. */
  private comeBack(): void {
    const state = this.get();
    const unread = firstUnreadIn(this.client, this.conversationId, state);
    const node = this.nodeAt(this.place) ?? unread;
    const { top } = this.place ?? {};
    const target = node ? ({ id: node.id, seq: node.seq, top, why: this.place ? 'place' : 'unread' } as const) : null;
    this.show(state, target, unread?.seq ?? null);
  }

  private nodeAt(place: Place | null, { edges }: Range = this.get()): Message | undefined {
    return place ? edges.find(({ node }) => node.seq === place.seq)?.node : undefined;
  }

  private async find(messageId: string, isOver: () => boolean): Promise<boolean> {
    const there = this.get().edges.find(({ node }) => node.id === messageId)?.node;
    const target = { id: messageId, seq: there?.seq ?? 0, why: 'jump' } as const;
    if (!there) return this.ask({ around: messageId, first: PAGE }, isOver, target);
    this.show(this.get(), target, null);
    return true;
  }

  /** Asks for another part and shows it. False when there is none; what is over is not shown, and true. */
  private async ask(which: Omit<MessagePageQueryVariables, 'id'>, isOver: () => boolean, target: Target | null): Promise<boolean> {
    const page = await this.page(which, isOver);
    if (isOver()) return true;
    if (page === null) return false;
    const node = page.edges.find(({ node }) => node.id === target?.id)?.node;
    this.show(rangeOf(page), target && node ? { ...target, seq: node.seq } : null, target?.why === 'unread' ? target.seq : null);
    return true;
  }

  private show({ edges, hasPrevious, hasNext }: Range, target: Target | null, unreadFrom: number | null): void {
    this.place = target;
    if (edges !== this.get().edges) this.isLoading = { earlier: false, later: false };
    this.set({ edges, hasPrevious, hasNext, status: 'ready', target, unreadFrom, generation: this.get().generation + 1 });
    this.takeEarly();
  }

  /** Null when there is none: the message that it is to be around is not there, or the conversation is not the viewer's. */
  private async page(which: Omit<MessagePageQueryVariables, 'id'>, isOver: () => boolean): Promise<Page | null> {
    const page = await this.source.page(readerOf(this.client, isOver), { id: this.conversationId, ...which });
    if (page === null && !isOver()) this.set({ ...this.get(), status: 'missing' });
    return page ?? null;
  }

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
    // One's own message was answered before somebody's earlier one was told; or what is shown was read before it was told.
    if (lastSeq(range) < this.newest) void this.fetchLater();
  }
}
