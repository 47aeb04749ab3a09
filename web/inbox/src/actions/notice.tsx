// Why something could not be done: for a while, or until it is put away.
import { createContext, use, useCallback, useEffect, useState, type ReactNode } from 'react';
import type { CombinedError } from 'urql';
import { refusalIn } from '../api/refusal';
import { createStore, useStore, type Store } from '../api/store';
import { useWords } from '../i18n/language';
import { IconButton } from '../ui/button';
import { Icon } from '../ui/icon';
import styles from './notice.module.css';
import { words } from './words';

/** Milliseconds: time to read a line twice. */
const SHOWN = 9_000;

const NoticeContext = createContext<Store<string | null> | null>(null);

/** What is done in here is told in here, by the notice that stands in it. */
export function NoticePlace({ children }: { children: ReactNode }) {
  const [notice] = useState(() => createStore<string | null>(null));
  return <NoticeContext value={notice}>{children}</NoticeContext>;
}

export function useNotice(): Store<string | null> {
  const notice = use(NoticeContext);
  if (notice === null) throw new Error('There is no place for notices here.');
  return notice;
}

type Payload = { errors: readonly { code: string }[] } | undefined;

/** Was it done? If not, the notice says why. */
export type Tell = (payload: Payload, error: CombinedError | undefined) => boolean;

/** `own` are the words of what is done for the codes of refusals, where those for messages do not fit. */
export function useTell(own?: Readonly<Record<string, unknown>>): Tell {
  const shared = useWords(words);
  const notice = useNotice();
  return useCallback(
    (payload, error) => {
      const refusal = refusalIn(payload?.errors, error);
      const told = { ...shared, ...own } as Readonly<Record<string, unknown>>;
      const said = refusal === null ? null : told[refusal];
      notice.set(refusal === null ? null : typeof said === 'string' ? said : shared.REFUSED);
      return refusal === null;
    },
    [shared, own, notice],
  );
}

export function Notice() {
  const w = useWords(words);
  const notice = useNotice();
  const said = useStore(notice);
  useEffect(() => {
    if (said === null) return;
    const timer = setTimeout(() => notice.set(null), SHOWN);
    return () => clearTimeout(timer);
  }, [said, notice]);
  return (
    said !== null && (
      <div className={styles.notice} role="alert">
        <Icon name="alert" size={18} />
        <p>{said}</p>
        <IconButton icon="close" size={16} label={w.close} onClick={() => notice.set(null)} />
      </div>
    )
  );
}
