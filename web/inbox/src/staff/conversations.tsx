// Anybody's conversations, the most recently active first, and what one looks for among them.
import { useCallback, useState } from 'react';
import { useClient } from 'urql';
import { StaffConversationsDocument, type StaffConversationFieldsFragment } from '../api/generated';
import { Link } from '../app/navigation';
import { useLanguage, useWords } from '../i18n/language';
import { brief, whole } from '../i18n/times';
import { useToday } from '../i18n/today';
import { Icon } from '../ui/icon';
import { Picture } from '../ui/picture';
import styles from './conversations.module.css';
import { Filter } from './filter';
import { useKept, type Sought } from './kept';
import { List } from './list';
import { People } from './people';
import { StateMark } from './state';
import { usePages, type Page } from './use-pages';
import { words } from './words';

type Conversation = StaffConversationFieldsFragment;

const PAGE = 30;

export function Conversations({ personId }: { personId?: string }) {
  const kept = useKept();
  const [sought, setSought] = useState(kept.sought);
  const look = (next: Sought): void => {
    kept.sought = next;
    setSought(next);
  };
  return (
    <>
      <Filter sought={sought} onSought={look} />
      <Found key={JSON.stringify([sought, personId])} sought={sought} personId={personId} />
    </>
  );
}

function Found({ sought, personId }: { sought: Sought; personId?: string }) {
  const w = useWords(words);
  const client = useClient();
  const { query, kind, state } = sought;
  const read = useCallback(
    async (after: string | null): Promise<Page<Conversation> | null> => {
      const filter = { query: query || null, subjectKind: kind || null, state };
      const variables = { first: PAGE, after, filter, participantId: personId ?? null };
      const { data } = await client.query(StaffConversationsDocument, variables, { requestPolicy: 'network-only' }).toPromise();
      if (!data?.admin) return null;
      const { edges, pageInfo } = data.admin.conversations;
      return { items: edges.map(({ node }) => node), next: pageInfo.hasNextPage ? pageInfo.endCursor : null };
    },
    [client, query, kind, state, personId],
  );
  const pages = usePages(read);
  const person = pages.items.flatMap(({ participants }) => participants).find(({ user }) => user.id === personId)?.user;
  return (
    <>
      {personId !== undefined && (
        <p className={styles.person}>
          <bdi>{person?.name ?? w.onePerson}</bdi>
          <Link to={{ at: 'staff', tab: 'conversations' }} className={styles.everybody}>
            {w.everybody}
          </Link>
        </p>
      )}
      <List pages={pages} label={w.conversations} none={w.noConversations} noneMore={w.noConversationsMore} icon="search" count={pages.items.length}>
        {pages.items.map((conversation) => (
          <Row key={conversation.id} conversation={conversation} />
        ))}
      </List>
    </>
  );
}

function Row({ conversation }: { conversation: Conversation }) {
  const w = useWords(words);
  const language = useLanguage();
  const today = useToday();
  const { id, subject, subjectSnapshot, lastMessageAt, createdAt } = conversation;
  const moment = lastMessageAt ?? createdAt;
  return (
    <li>
      <Link to={{ at: 'staff-thread', id }} className={styles.row} data-row="">
        {subject ? (
          <Picture kind={subject.kind} seed={subject.externalId} url={subject.imageUrl} className={styles.picture} iconSize={22} />
        ) : (
          <span className={`${styles.picture} ${styles.bare}`}>
            <Icon name="chat" size={22} />
          </span>
        )}
        <span className={styles.words}>
          <span className={styles.line}>
            <span className={styles.title} dir="auto">
              {subject?.title ?? subjectSnapshot?.title ?? w.noSubject}
            </span>
            <time dateTime={moment} title={whole(language, moment)}>
              {brief(language, moment, today)}
            </time>
          </span>
          <span className={styles.line}>
            <span className={styles.people}>
              <People conversation={conversation} />
            </span>
            <StateMark state={conversation.state} />
          </span>
        </span>
      </Link>
    </li>
  );
}
