// What is half written, under the place where it is: a conversation, or a thing that none is about yet.
import { keep, readKept } from '../api/kept';
import type { Trays } from '../attachments/tray';

export interface Drafts {
  read(place: string): string;
  write(place: string, text: string): void;
  /** The conversation is there now: words and files are its own. With `isWriting`, one goes on writing in it. */
  move(from: string, to: string, isWriting: boolean): void;
  /** Somebody was writing this when it moved. */
  isGoingOn(place: string): boolean;
  /** It is written on. */
  goOn(place: string): void;
}

/** They are kept for this tab; where nothing may be kept, the writer's own field has them as long as it is there. */
export function createDrafts(whose: string, trays: Trays): Drafts {
  const key = (place: string): string => `palaver:draft:${whose}|${place}`;
  const goingOn = new Set<string>();
  /** What could not be kept, on its way from one field to the next. */
  const carried = new Map<string, string>();

  const read = (place: string): string => carried.get(place) ?? readKept('session', key(place)) ?? '';

  const write = (place: string, text: string): void => {
    if (keep('session', key(place), text) || !text) carried.delete(place);
    else carried.set(place, text);
  };

  return {
    read,
    write,
    move(from, to, isWriting) {
      const texts = [read(to), read(from)].filter((text) => text !== '');
      write(from, '');
      write(to, texts.join('\n'));
      trays.move(from, to);
      if (isWriting) goingOn.add(to);
    },
    isGoingOn: (place) => goingOn.has(place),
    goOn(place) {
      goingOn.delete(place);
    },
  };
}
