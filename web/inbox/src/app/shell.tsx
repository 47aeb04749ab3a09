// The frame of the page: places at the side (at the foot on a phone), the list, and what was chosen from it.
import { hasDemo } from '../api/identity';
import { Conversations } from '../conversations/conversations';
import { useTitleBadge } from '../conversations/title-badge';
import { useWords } from '../i18n/language';
import { Market } from '../market/market';
import { StaffPlace } from '../staff/staff-place';
import { NewThread } from '../thread/new-thread';
import { ThreadView } from '../thread/thread-view';
import { Button } from '../ui/button';
import { Connection } from './connection';
import { useNavigation } from './navigation';
import { Places } from './places';
import type { Route } from './routes';
import styles from './shell.module.css';
import { Welcome } from './welcome';
import { words } from './words';

export function Shell() {
  const w = useWords(words);
  const { route, go, href } = useNavigation();
  useTitleBadge();
  const isList = route.at === 'home';
  const isPage = route.at === 'market' || route.at === 'staff';
  const hasList = !isPage && route.at !== 'staff-thread';
  return (
    <div className={styles.shell} data-at={isList ? 'list' : isPage ? 'page' : 'thread'}>
      <Places />
      <div className={styles.content}>
        <Connection />
        <div className={styles.panes}>
          {hasList && (
            <div className={styles.list}>
              <Conversations
                selectedId={route.at === 'conversation' ? route.id : undefined}
                hrefOf={(id) => href({ at: 'conversation', id })}
                onSelect={(id) => go({ at: 'conversation', id })}
              >
                {hasDemo() && <Button onClick={() => go({ at: 'market' })}>{w.toMarket}</Button>}
              </Conversations>
            </div>
          )}
          <main className={styles.main} id="main">
            <Place route={route} />
          </main>
        </div>
      </div>
    </div>
  );
}

function Place({ route }: { route: Route }) {
  const { go } = useNavigation();
  const openConversation = (id: string): void => go({ at: 'conversation', id });
  switch (route.at) {
    case 'home':
      return <Welcome />;
    case 'market':
      return (
        <Market
          onOpen={openConversation}
          onContact={(kind, externalId) => go({ at: 'new', kind, externalId })}
        />
      );
    case 'staff':
    case 'staff-thread':
      return <StaffPlace route={route} onBack={() => go({ at: 'home' })} />;
    case 'new':
      return (
        <NewThread
          key={`${route.kind}/${route.externalId}`}
          kind={route.kind}
          externalId={route.externalId}
          onBack={() => go({ at: 'market' })}
          onOpened={(id) => go({ at: 'conversation', id }, { replace: true })}
        />
      );
    case 'conversation':
      return (
        <ThreadView
          key={route.id}
          conversationId={route.id}
          messageId={route.messageId}
          onBack={() => go({ at: 'home' })}
        />
      );
  }
}
