// Where one can be, and the address of each place. graph/inbox.py answers the same first parts with the page.
export type Route =
  | { at: 'home' }
  | { at: 'conversation'; id: string; messageId?: string }
  /** A conversation that its first message will open. */
  | { at: 'new'; kind: string; externalId: string }
  | { at: 'market' }
  /** With `personId`: the conversations of one person. */
  | { at: 'staff'; tab: StaffTab; personId?: string }
  | { at: 'staff-thread'; id: string; messageId?: string };

export type StaffTab = 'reports' | 'conversations' | 'audit';
export type StaffRoute = Extract<Route, { at: 'staff' | 'staff-thread' }>;

const encode = encodeURIComponent;

export function pathOf(route: Route): string {
  switch (route.at) {
    case 'home':
      return '/';
    case 'conversation':
      return threadPath(route);
    case 'new':
      return `/new/${encode(route.kind)}/${encode(route.externalId)}`;
    case 'market':
      return '/market';
    case 'staff':
      return route.personId === undefined ? `/staff/${route.tab}` : `/staff/people/${encode(route.personId)}`;
    case 'staff-thread':
      return `/staff${threadPath(route)}`;
  }
}

const threadPath = ({ id, messageId }: { id: string; messageId?: string }): string =>
  `/c/${encode(id)}${messageId === undefined ? '' : `/${encode(messageId)}`}`;

/** What an address means; the beginning for one that means nothing. */
export function routeOf(path: string): Route {
  const [place, one, two, three] = path.split('/').filter(Boolean).map(decode);
  if (place === 'c' && one) return { at: 'conversation', id: one, messageId: two };
  if (place === 'new' && one && two) return { at: 'new', kind: one, externalId: two };
  if (place === 'market') return { at: 'market' };
  if (place === 'staff') return staffRouteOf(one, two, three);
  return { at: 'home' };
}

function staffRouteOf(one?: string, two?: string, three?: string): StaffRoute {
  if (one === 'c' && two) return { at: 'staff-thread', id: two, messageId: three };
  if (one === 'people' && two) return { at: 'staff', tab: 'conversations', personId: two };
  return { at: 'staff', tab: one === 'conversations' || one === 'audit' ? one : 'reports' };
}

function decode(part: string): string {
  try {
    return decodeURIComponent(part);
  } catch {
    return part;
  }
}
