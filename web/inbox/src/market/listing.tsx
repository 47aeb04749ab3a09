// One thing on offer. Whether one may write about it, and why not, is what the server says.
import { useQuery } from 'urql';
import { ListingDocument } from '../api/generated';
import { useWords } from '../i18n/language';
import { Avatar } from '../ui/avatar';
import { Button } from '../ui/button';
import { Drawing } from './drawing';
import styles from './listing.module.css';
import { refusalIn, words } from './words';

interface Props {
  kind: string;
  externalId: string;
  onContact(kind: string, externalId: string): void;
  onOpen(conversationId: string): void;
}

export function Listing({ kind, externalId, onContact, onOpen }: Props) {
  const w = useWords(words);
  const [{ data }] = useQuery({ query: ListingDocument, variables: { kind, externalId } });
  // A booking of others does not exist for the viewer.
  if (data && data.subject === null) return null;
  const subject = data?.subject;
  const conversation = subject?.conversations.edges[0]?.node;
  const conversationId = conversation?.id;
  // Nobody owns a booking: it is with somebody.
  const person = subject?.owner ?? conversation?.counterpart?.user;
  return (
    <li className={styles.listing} data-closed={subject?.state === 'CLOSED' || undefined} data-testid={`${kind}/${externalId}`}>
      <Drawing kind={kind} externalId={externalId} url={subject?.imageUrl} className={styles.picture} />
      <div className={styles.words}>
        <h2 dir="auto">{subject?.title ?? '…'}</h2>
        <p className={styles.owner}>
          {person && (
            <>
              <Avatar name={person.name} seed={person.externalId} url={person.avatarUrl} size={24} />
              <span dir="auto">{person.name}</span>
            </>
          )}
        </p>
        {subject?.contactRefusal && <p className={styles.refusal}>{refusalIn(w, subject.contactRefusal)}</p>}
        {subject && (
          <div className={styles.foot}>
            {conversationId !== undefined ? (
              <Button onClick={() => onOpen(conversationId)}>
                {subject.contactRefusal === 'IS_OWNER' ? w.yours : w.goOn}
              </Button>
            ) : (
              subject.viewerCanContact && (
                <Button look="filled" aria-label={w.contactFor(subject.title)} onClick={() => onContact(kind, externalId)}>
                  {w.contact}
                </Button>
              )
            )}
          </div>
        )}
      </div>
    </li>
  );
}
