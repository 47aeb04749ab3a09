// The way to the staff pages: who has not the role finds nothing here, and loads nothing of them.
import { lazy, Suspense } from 'react';
import { useSession } from '../api/session';
import { useStore } from '../api/store';
import type { StaffRoute } from '../app/routes';
import { Missing } from '../thread/missing';

const Staff = lazy(() => import('./staff'));

/** Null until the server has said who asks. */
export function useIsStaff(): boolean | null {
  const viewer = useStore(useSession().viewer);
  return viewer && viewer.user.roles.includes('admin');
}

export function StaffPlace({ route, onBack }: { route: StaffRoute; onBack(): void }) {
  const isStaff = useIsStaff();
  if (isStaff === null) return null;
  if (!isStaff) return <Missing onBack={onBack} />;
  return (
    <Suspense fallback={null}>
      <Staff route={route} />
    </Suspense>
  );
}
