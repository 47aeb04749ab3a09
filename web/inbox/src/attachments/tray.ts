// The files that are to go with the next message: on their way to the server, there, or refused.
import type { Palaver } from '@palaver/client';
import { createStore, type Store } from '../api/store';
import { upload, type Attachment } from './upload';

export interface Item {
  key: string;
  name: string;
  byteSize: number;
  /** Shows a picture before the server has it. */
  preview?: string;
  isVoice: boolean;
  state: 'waiting' | 'sending' | 'ready' | 'failed';
  /** 0 to 1. */
  progress: number;
  /** Why it failed: a code of the server's, or UNREACHABLE. */
  problem?: string;
  attachment?: Attachment;
}

export interface Tray extends Store<readonly Item[]> {
  /** Takes files in, as many as go with a message; how many were left out. */
  add(files: Iterable<File>): number;
  remove(key: string): void;
  retry(key: string): void;
  /** What is ready, which leaves the tray. */
  take(): Attachment[];
  /** Whoever has sent it goes elsewhere before all of it is there: it is sent when it is, if nothing of it fails. */
  leave(send: Send): void;
  /** They are back before it was; undefined when nothing was left to be sent. */
  comeBack(): Send | undefined;
}

export type Send = (attachments: Attachment[]) => void;

export interface Trays {
  /** The tray of a conversation, which stays while one looks at another. */
  of(draftKey: string): Tray;
  /** What lies in one goes with the words beside it; what lies in the other already stays before it. */
  move(from: string, to: string): void;
  /** Does anything lie in one of them? A reload would lose it. */
  isAny(): boolean;
}

/** As many files as a message has, unless the server's settings say otherwise. */
export const MOST_FILES = 10;
/** So many are sent at a time. */
const LANES = 2;

/** What browsers show as a picture without a doubt about it. */
const SHOWN = new Set(['image/png', 'image/jpeg', 'image/gif', 'image/webp']);

export function createTrays(palaver: Palaver): Trays {
  const trays = new Map<string, Tray>();
  return {
    of(draftKey) {
      const known = trays.get(draftKey) ?? createTray(palaver);
      trays.set(draftKey, known);
      return known;
    },
    move(from, to) {
      const moved = trays.get(from);
      if (moved === undefined || moved.get().length === 0 || trays.get(to)?.get().length) return;
      trays.delete(from);
      trays.set(to, moved);
    },
    isAny: () => [...trays.values()].some((tray) => tray.get().length > 0),
  };
}

function createTray(palaver: Palaver): Tray {
  const store = createStore<readonly Item[]>([]);
  const files = new Map<string, File>();
  const running = new Map<string, AbortController>();

  const change = (key: string, fields: Partial<Item>): void =>
    store.set(store.get().map((item) => (item.key === key ? { ...item, ...fields } : item)));

  const work = (): void => {
    for (const { key, state } of store.get()) {
      if (running.size >= LANES) return;
      if (state === 'waiting' && !running.has(key)) void send(key);
    }
  };

  const send = async (key: string): Promise<void> => {
    const file = files.get(key);
    if (file === undefined) return;
    const controller = new AbortController();
    running.set(key, controller);
    change(key, { state: 'sending', progress: 0, problem: undefined });
    const outcome = await upload(palaver, file, controller.signal, (progress) => change(key, { progress }));
    if (outcome.is === 'tooOften' && !controller.signal.aborted) {
      change(key, { state: 'waiting', progress: 0 });
      setTimeout(() => release(key, controller), outcome.retryAfter);
      return;
    }
    if (outcome.is === 'ready') change(key, { state: 'ready', progress: 1, attachment: outcome.attachment });
    if (outcome.is === 'failed') change(key, { state: 'failed', problem: outcome.code });
    release(key, controller);
  };

  /** Its lane is free. It may have been removed, or begun anew, meanwhile. */
  const release = (key: string, controller: AbortController): void => {
    if (running.get(key) === controller) running.delete(key);
    work();
    sendLeft();
  };

  let left: Send | undefined;
  const sendLeft = (): void => {
    const items = store.get();
    if (left === undefined || !items.every(({ state }) => state === 'ready')) return;
    const send = left;
    left = undefined;
    send(take());
  };

  const take = (): Attachment[] => {
    const ready = store.get().filter(({ state }) => state === 'ready');
    drop(ready);
    return ready.flatMap(({ attachment }) => attachment ?? []);
  };

  const drop = (gone: readonly Item[]): void => {
    for (const { key, preview } of gone) {
      if (preview !== undefined) URL.revokeObjectURL(preview);
      files.delete(key);
      running.get(key)?.abort();
      running.delete(key);
    }
    store.set(store.get().filter((item) => !gone.includes(item)));
    work();
  };

  return {
    ...store,
    add(given) {
      const all = [...given];
      const taken = all.slice(0, Math.max(0, MOST_FILES - store.get().length));
      const items = taken.map((file): Item => {
        const key = crypto.randomUUID();
        files.set(key, file);
        const preview = SHOWN.has(file.type) ? URL.createObjectURL(file) : undefined;
        const isVoice = file.type.startsWith('audio/');
        return { key, name: file.name, byteSize: file.size, preview, isVoice, state: 'waiting', progress: 0 };
      });
      store.set([...store.get(), ...items]);
      work();
      return all.length - taken.length;
    },
    remove(key) {
      drop(store.get().filter((item) => item.key === key));
    },
    retry(key) {
      change(key, { state: 'waiting' });
      work();
    },
    take,
    leave(send) {
      left = send;
      sendLeft();
    },
    comeBack() {
      const send = left;
      left = undefined;
      return send;
    },
  };
}
