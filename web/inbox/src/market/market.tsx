// The seeded market, as a host's own pages would show it: a Contact button wherever one may write.
import { useEffect, useState } from 'react';
import { useWords } from '../i18n/language';
import { Empty } from '../ui/empty';
import { Listing } from './listing';
import styles from './market.module.css';
import { words } from './words';

interface Offer {
  kind: string;
  externalId: string;
}

interface Props {
  onContact(kind: string, externalId: string): void;
  onOpen(conversationId: string): void;
}

export function Market({ onContact, onOpen }: Props) {
  const w = useWords(words);
  const [offers, setOffers] = useState<Offer[] | null>(null);
  useEffect(() => {
    findOffers().then(setOffers, () => setOffers([]));
  }, []);
  return (
    <div className={styles.market} tabIndex={-1}>
      <header className={styles.header}>
        <h1>{w.title}</h1>
        <p>{w.subtitle}</p>
      </header>
      {offers === null && <p role="status">{w.loading}</p>}
      {offers?.length === 0 && <Empty icon="market" title={w.none} detail={w.noneMore} />}
      {offers && offers.length > 0 && (
        <ul className={styles.offers}>
          {offers.map((offer) => (
            <Listing key={`${offer.kind}/${offer.externalId}`} {...offer} onContact={onContact} onOpen={onOpen} />
          ))}
        </ul>
      )}
    </div>
  );
}

/** The host knows its listings; here the server's demo does. */
async function findOffers(): Promise<Offer[]> {
  const response = await fetch('/demo/market');
  return response.ok ? ((await response.json()) as Offer[]) : [];
}
