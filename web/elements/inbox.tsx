// The list and what was chosen from it: beside each other where there is room, else one after the other.
import { useNavigation } from '../inbox/src/app/navigation';
import { Conversations } from '../inbox/src/conversations/conversations';
import styles from './inbox.module.css';
import { Place } from './place';

export function Inbox() {
  const { route, go } = useNavigation();
  return (
    <div className={styles.panes} data-at={route.at === 'home' ? 'list' : 'thread'}>
      <div className={styles.list}>
        <Conversations
          selectedId={route.at === 'conversation' ? route.id : undefined}
          onSelect={(id) => go({ at: 'conversation', id })}
        />
      </div>
      <div className={styles.main}>
        <Place onBack={() => go({ at: 'home' })} />
      </div>
    </div>
  );
}
