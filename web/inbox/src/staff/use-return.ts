// Somebody comes back to the window, or to its tab in the browser.
import { useEffect, useRef } from 'react';

export function useReturn(onReturn: () => void): void {
  const newest = useRef(onReturn);
  useEffect(() => {
    newest.current = onReturn;
  });
  useEffect(() => {
    const come = (): void => {
      if (document.visibilityState === 'visible') newest.current();
    };
    window.addEventListener('focus', come);
    document.addEventListener('visibilitychange', come);
    return () => {
      window.removeEventListener('focus', come);
      document.removeEventListener('visibilitychange', come);
    };
  }, []);
}
