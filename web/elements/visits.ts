// The visits of a page. Elements come and go; the last one that leaves ends the visit, a moment later, since it may only
// have been moved.
import type { GetToken } from '@palaver/client';
import { createVisit, type Visit } from './visit';

interface Shared {
  visit: Visit;
  elements: number;
}

const visits = new Map<string, Map<GetToken, Shared>>();
/** In milliseconds. */
const LINGER = 1_000;

export function enter(server: string, getToken: GetToken): { visit: Visit; leave(): void } {
  const here = visits.get(server) ?? new Map<GetToken, Shared>();
  visits.set(server, here);
  const shared = here.get(getToken) ?? { visit: createVisit(server, getToken), elements: 0 };
  if (!here.has(getToken)) void shared.visit.begin();
  here.set(getToken, shared);
  shared.elements += 1;
  const leave = (): void => {
    shared.elements -= 1;
    setTimeout(() => {
      if (shared.elements > 0 || here.get(getToken) !== shared) return;
      here.delete(getToken);
      shared.visit.end();
    }, LINGER);
  };
  return { visit: shared.visit, leave };
}
