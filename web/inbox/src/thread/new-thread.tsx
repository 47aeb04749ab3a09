// A conversation that is not there yet: the first message opens it.
import { useEffect, useEffectEvent, useRef } from 'react';
import { useQuery } from 'urql';
import { ListingDocument, ThreadDocument } from '../api/generated';
import { useSession } from '../api/session';
import { useWords } from '../i18n/language';
import { refusalIn, words as marketWords } from '../market/words';
import { Avatar } from '../ui/avatar';
import { IconButton } from '../ui/button';
import { Picture } from '../ui/picture';
import { Composer } from './composer';
import headerStyles from './header.module.css';
import { Missing } from './missing';
import { Outgoing } from './outgoing';
import { usePending } from './pending';
import styles from './new-thread.module.css';
import { words } from './words';

interface Props {
  kind: string;
  externalId: string;
  onBack?(): void;
  onOpened(conversationId: string): void;
}

export function NewThread({ kind, externalId, onBack, onOpened }: Props) {
  const w = useWords(words);
  const m = useWords(marketWords);
  const { client, drafts, outbox } = useSession();
  const section = useRef<HTMLElement>(null);
  const [{ data }] = useQuery({ query: ListingDocument, variables: { kind, externalId } });
  const subject = data?.subject;
  const existing = subject?.conversations.edges[0]?.node.id;
  const to = { subject: { kind, externalId } };
  const pending = usePending(to, []);
  const place = `${kind}/${externalId}`;
  const isElsewhere = existing !== undefined && subject?.contactRefusal !== 'IS_OWNER';

  // Another field takes the place of this one, and whoever is writing goes on in it: so it is asked for before.
  const open = useEffectEvent(async (conversationId: string): Promise<void> => {
    await client.query(ThreadDocument, { id: conversationId }).toPromise();
    // They have gone elsewhere meanwhile.
    if (section.current === null) return;
    drafts.move(place, conversationId, section.current.querySelector('textarea:focus') !== null);
    onOpened(conversationId);
  });

  useEffect(() => {
    if (isElsewhere) void open(existing);
  }, [isElsewhere, existing]);

  useEffect(
    () =>
      outbox.onOpened(({ to }, conversationId) => {
        if ('subject' in to && to.subject.kind === kind && to.subject.externalId === externalId) void open(conversationId);
      }),
    [outbox, kind, externalId],
  );

  if (subject === null) return <Missing what={kind === 'listing' ? 'listing' : 'other'} onBack={onBack} />;
  const name = subject?.owner?.name ?? w.someone;
  return (
    <section ref={section} className={styles.thread}>
      <header className={headerStyles.header}>
        {onBack && <IconButton icon="back" label={w.back} className={headerStyles.back} onClick={onBack} />}
        {subject && <Avatar name={name} seed={subject.owner?.externalId ?? ''} url={subject.owner?.avatarUrl} />}
        <div className={headerStyles.who}>
          <h2 dir="auto">{subject && name}</h2>
          <p className={headerStyles.detail} dir="auto">
            {subject?.title}
          </p>
        </div>
      </header>
      <div className={styles.middle}>
        {subject && pending.length === 0 && (
          <div className={styles.invitation}>
            <Picture kind={kind} seed={externalId} url={subject.imageUrl} className={styles.picture} iconSize={44} />
            <h3 dir="auto">{subject.title}</h3>
            {!subject.contactRefusal && <p>{w.firstWordsMore(name)}</p>}
          </div>
        )}
        {pending.length > 0 && (
          <ol className={styles.pending}>
            {pending.map((one) => (
              <Outgoing key={one.clientMessageId} outgoing={one} />
            ))}
          </ol>
        )}
      </div>
      {subject?.contactRefusal ? (
        <p className={styles.refusal}>{refusalIn(m, subject.contactRefusal)}</p>
      ) : (
        // Until the thing is known, nobody can tell whether one may write.
        subject && (
          <Composer
            draftKey={place}
            label={w.writeTo(name)}
            onSend={(body, attachments) => void outbox.add({ to, body, attachments })}
          />
        )
      )}
    </section>
  );
}
