// The page: somebody signs in, and then has a session of their own.
import { useEffect, useState } from 'react';
import { Provider } from 'urql';
import { currentToken, identity, type Identity } from '../api/identity';
import { createSession, SessionProvider, type Session } from '../api/session';
import { useStore } from '../api/store';
import { LanguageProvider } from '../i18n/language';
import { AddressNavigation } from './navigation';
import { language } from './preferences';
import { Shell } from './shell';
import { SignIn } from './sign-in';

export function App() {
  const who = useStore(identity);
  return (
    <LanguageProvider value={useStore(language)}>
      <AddressNavigation>{who === null ? <SignIn /> : <SignedIn key={who.sub} who={who} />}</AddressNavigation>
    </LanguageProvider>
  );
}

function SignedIn({ who }: { who: Identity }) {
  const [session, setSession] = useState<Session | null>(null);
  useEffect(() => {
    const begun = createSession({ server: window.location.origin, sub: who.sub, token: currentToken });
    setSession(begun);
    // Files that were not sent yet go with the page, so one is asked before it does.
    const ask = (event: BeforeUnloadEvent): void => {
      if (begun.trays.isAny()) event.preventDefault();
    };
    window.addEventListener('beforeunload', ask);
    return () => {
      window.removeEventListener('beforeunload', ask);
      begun.close();
    };
  }, [who.sub]);
  if (session === null) return null;
  return (
    <SessionProvider value={session}>
      <Provider value={session.client}>
        <Shell />
      </Provider>
    </SessionProvider>
  );
}
