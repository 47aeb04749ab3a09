// Nobody is signed in: the host's application does that, or in development one is somebody of the demo market.
import { useEffect, useState } from 'react';
import { findDemoPeople, signInAs, type DemoPerson } from '../api/identity';
import { useWords } from '../i18n/language';
import { Avatar } from '../ui/avatar';
import { Icon } from '../ui/icon';
import styles from './sign-in.module.css';
import { words } from './words';

type Found = DemoPerson[] | 'none' | 'unreachable' | 'looking';

export function SignIn() {
  const w = useWords(words);
  const [found, setFound] = useState<Found>('looking');
  const fail = (): void => setFound('unreachable');
  useEffect(() => {
    findDemoPeople().then((people) => setFound(people ?? 'none'), fail);
  }, []);
  return (
    <main className={styles.page}>
      <div className={styles.card}>
        <span className={styles.mark}>
          <Icon name="chat" size={30} />
        </span>
        <h1>Palaver</h1>
        <p className={styles.motto}>{w.welcome}</p>
        {Array.isArray(found) ? (
          <>
            <p className={styles.hint} id="people">
              {w.trySomebody}
            </p>
            <ul className={styles.people} aria-labelledby="people">
              {found.map((person) => (
                <li key={person.sub}>
                  <button type="button" onClick={() => void signInAs(person.sub).catch(fail)}>
                    <Avatar name={person.name} seed={person.sub} size={36} />
                    <span className={styles.name}>{person.name}</span>
                    <span className={styles.roles}>{person.roles.join(', ')}</span>
                  </button>
                </li>
              ))}
            </ul>
          </>
        ) : (
          <p className={styles.hint} role="status">
            {{ none: w.needsLink, unreachable: w.unreachable, looking: w.looking }[found]}
          </p>
        )}
      </div>
    </main>
  );
}
