// The people of a conversation and the parts that they play.
import type { StaffConversationFieldsFragment } from '../api/generated';
import { Link } from '../app/navigation';
import styles from './people.module.css';

interface Props {
  conversation: StaffConversationFieldsFragment;
  /** Each leads to all their conversations. */
  areLinks?: boolean;
}

export function People({ conversation, areLinks = false }: Props) {
  return conversation.participants.map(({ id, role, user }, index, all) => (
    <span key={id} className={styles.one}>
      {areLinks ? (
        <Link to={{ at: 'staff', tab: 'conversations', personId: user.id }} className={styles.link}>
          <bdi>{user.name}</bdi>
        </Link>
      ) : (
        <bdi className={styles.name}>{user.name}</bdi>
      )}
      , {role}
      {index < all.length - 1 && ' '}
    </span>
  ));
}
