// The log's entries as one reads them: what somebody did to many things at once is one line.
import type { StaffAuditQuery } from '../api/generated';
import type { Route } from '../app/routes';

export type Entry = NonNullable<StaffAuditQuery['admin']>['auditLog']['edges'][number]['node'];

export interface Deed {
  /** The newest of them. */
  entry: Entry;
  times: number;
  /** The ids of what it was done to. */
  targets: string[];
}

/** Where staff can look at what it was done to; null when there is no such place, or it is gone. */
export function placeOf({ action, target }: Entry): Route | null {
  if (action === 'conversations.listed') return { at: 'staff', tab: 'conversations' };
  if (action.startsWith('report.') || action === 'reports.listed') return { at: 'staff', tab: 'reports' };
  const isThere = action.startsWith('conversation.') || action === 'messages.imported';
  return isThere && action !== 'conversation.deleted' && target !== null ? { at: 'staff-thread', id: target } : null;
}

/** Whoever opens a conversation reads all messages of a page: an entry for each of them would hide all others. */
export function gather(entries: readonly Entry[]): Deed[] {
  const deeds: Deed[] = [];
  for (const entry of entries) {
    const last = deeds.at(-1);
    const targets = entry.target === null ? [] : [entry.target];
    if (last && isOneWith(last.entry, entry)) {
      last.times += 1;
      last.targets.push(...targets);
    } else deeds.push({ entry, times: 1, targets });
  }
  return deeds;
}

const isOneWith = (one: Entry, other: Entry): boolean =>
  one.action === other.action &&
  one.actor?.id === other.actor?.id &&
  minuteOf(one) === minuteOf(other) &&
  [one, other].every((entry) => entry.reason === null && (placeOf(entry) === null || entry.target === null));

/** Up to the minute, of 2026-03-02T09:12:00.000Z. */
const minuteOf = ({ at }: Entry): string => at.slice(0, 16);
