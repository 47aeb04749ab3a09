// Around what an element shows: who is there, in which language, and what to say when nothing can be shown.
import { useEffect, type ReactNode } from 'react';
import { Provider } from 'urql';
import { SessionProvider } from '../inbox/src/api/session';
import { createStore, useStore } from '../inbox/src/api/store';
import { Connection } from '../inbox/src/app/connection';
import type { Route } from '../inbox/src/app/routes';
import { LanguageProvider, useWords, type Language } from '../inbox/src/i18n/language';
import { Button } from '../inbox/src/ui/button';
import { Empty } from '../inbox/src/ui/empty';
import { Events, type Tell } from './events';
import styles from './frame.module.css';
import { OwnNavigation } from './navigation';
import type { Failure, Trouble, Visit, VisitState } from './visit';
import { words } from './words';

interface Props {
  /** None until the page has said how to get a token. */
  visit: Visit | undefined;
  language: Language;
  start: Route | null;
  tell: Tell;
  children: ReactNode;
}

const NOBODY = createStore<VisitState>({ is: 'starting' });
const CALM = createStore<Trouble>(null);

export function Frame({ visit, language, ...rest }: Props) {
  return (
    <LanguageProvider value={language}>
      <div className="body" lang={language}>
        <Shown visit={visit} {...rest} />
      </div>
    </LanguageProvider>
  );
}

function Shown({ visit, start, tell, children }: Omit<Props, 'language'>) {
  const w = useWords(words);
  const state = useStore(visit?.state ?? NOBODY);
  const trouble = useStore(visit?.trouble ?? CALM);
  useEffect(() => {
    if (state.is === 'failed') console.error(`Palaver: ${w[state.why]} ${detailOf(w, state.why)}`);
  }, [state, w]);

  if (start === null) return <Empty icon="alert" title={w.place} detail={w.placeMore} />;
  if (state.is === 'starting') return <div role="status" aria-label={w.loading} />;
  if (state.is === 'failed') {
    return (
      <div className={styles.failed} role="alert">
        <Empty icon="alert" title={w[state.why]} detail={detailOf(w, state.why)}>
          {state.why !== 'server' && <Button onClick={() => void visit?.begin()}>{w.tryAgain}</Button>}
        </Empty>
      </div>
    );
  }
  const { session, sub } = state;
  return (
    <SessionProvider value={session}>
      <Provider value={session.client}>
        <OwnNavigation key={`${sub} ${JSON.stringify(start)}`} start={start}>
          <div className={styles.content}>
            {trouble === null ? <Connection /> : <p className={styles.trouble} role="status">{sayingOf(w, trouble)}</p>}
            <Events tell={tell} />
            <div className={styles.place}>{children}</div>
          </div>
        </OwnNavigation>
      </Provider>
    </SessionProvider>
  );
}

type Words = (typeof words)['en'];

const detailOf = (w: Words, why: Failure): string =>
  why === 'unwelcome' ? w.unwelcomeMore(window.location.origin) : w[`${why}More`];

const sayingOf = (w: Words, trouble: 'token' | 'unreachable'): string =>
  trouble === 'token' ? w.tokenTrouble : w.unreachable;
