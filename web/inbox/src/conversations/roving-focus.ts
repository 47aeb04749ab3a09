// Arrow keys go from link to link of a list, as one expects of a list.
import type { KeyboardEvent, RefObject } from 'react';

const STEPS: Record<string, number> = { ArrowDown: 1, ArrowUp: -1 };

export const useRovingFocus = (list: RefObject<HTMLElement | null>) => (event: KeyboardEvent): void => {
  const links = [...(list.current?.querySelectorAll<HTMLElement>('a[data-row]') ?? [])];
  const here = links.indexOf(event.target as HTMLElement);
  if (here < 0) return;
  const step = STEPS[event.key];
  const next = step === undefined ? { Home: links[0], End: links.at(-1) }[event.key] : links[here + step];
  if (!next) return;
  event.preventDefault();
  next.focus();
};
