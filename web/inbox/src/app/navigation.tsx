// Going from place to place: the page keeps where it is in the address, an element in a host's page keeps it to itself.
import { createContext, use, useMemo, useSyncExternalStore, type MouseEvent, type ReactNode } from 'react';
import { pathOf, routeOf, type Route } from './routes';

export interface Navigation {
  route: Route;
  go(route: Route, options?: { replace?: boolean }): void;
  /** For links; null where places have no addresses. */
  href(route: Route): string | undefined;
}

const NavigationContext = createContext<Navigation | null>(null);

export const NavigationProvider = NavigationContext;

export function useNavigation(): Navigation {
  const navigation = use(NavigationContext);
  if (navigation === null) throw new Error('There is no navigation here.');
  return navigation;
}

const listeners = new Set<() => void>();

function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  window.addEventListener('popstate', listener);
  return () => {
    listeners.delete(listener);
    window.removeEventListener('popstate', listener);
  };
}

function go(route: Route, { replace = false } = {}): void {
  const path = pathOf(route);
  if (replace || path === window.location.pathname) window.history.replaceState(null, '', path);
  else window.history.pushState(null, '', path);
  for (const listener of [...listeners]) listener();
}

/** Navigation by the address of the page. */
export function AddressNavigation({ children }: { children: ReactNode }) {
  const path = useSyncExternalStore(subscribe, () => window.location.pathname);
  const navigation = useMemo(() => ({ route: routeOf(path), go, href: pathOf }), [path]);
  return <NavigationContext value={navigation}>{children}</NavigationContext>;
}

interface LinkProps {
  to: Route;
  className?: string;
  children: ReactNode;
  'aria-current'?: 'page' | undefined;
  'aria-label'?: string;
  title?: string;
}

/** A link that stays within the page; with a modifier key it is the browser's. */
export function Link({ to, children, ...rest }: LinkProps) {
  const { go, href } = useNavigation();
  const follow = (event: MouseEvent): void => {
    if (event.defaultPrevented || event.button !== 0 || event.metaKey || event.ctrlKey || event.shiftKey || event.altKey) return;
    event.preventDefault();
    go(to);
  };
  return (
    <a href={href(to) ?? '#'} onClick={follow} {...rest}>
      {children}
    </a>
  );
}
