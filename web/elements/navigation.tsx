// Going from place to place within an element: the address is the host's, so nobody sees it there.
import { useMemo, useState, type ReactNode } from 'react';
import { NavigationProvider } from '../inbox/src/app/navigation';
import type { Route } from '../inbox/src/app/routes';

interface Props {
  start: Route;
  children: ReactNode;
}

export function OwnNavigation({ start, children }: Props) {
  const [route, setRoute] = useState(start);
  const navigation = useMemo(() => ({ route, go: (next: Route) => setRoute(next), href: () => undefined }), [route]);
  return <NavigationProvider value={navigation}>{children}</NavigationProvider>;
}
