// Archive, mute and pin: for oneself only. Each is shown at once, and taken back if the server says otherwise.
import { useMutation } from 'urql';
import { ArchiveDocument, MuteDocument, PinDocument } from '../api/generated';
import { useWords } from '../i18n/language';
import { Icon } from '../ui/icon';
import { Menu, MenuItem } from '../ui/menu';
import styles from './conversation-menu.module.css';
import { isMuted, type Conversation } from './people';
import { words } from './words';

interface Props {
  conversation: Conversation;
  name: string;
  className?: string;
}

const DAY = 86_400_000;

export function ConversationMenu({ conversation, name, className = '' }: Props) {
  const w = useWords(words);
  return (
    <div className={className}>
      <Menu label={w.actions(name)} className={styles.opener} button={<Icon name="more" />}>
        <ConversationActions conversation={conversation} />
      </Menu>
    </div>
  );
}

/** The items themselves, for any menu. */
export function ConversationActions({ conversation }: { conversation: Conversation }) {
  const w = useWords(words);
  const [, archive] = useMutation(ArchiveDocument);
  const [, mute] = useMutation(MuteDocument);
  const [, pin] = useMutation(PinDocument);
  const { id: conversationId, archivedAt, pinnedAt } = conversation;
  const muted = isMuted(conversation);
  const until = (): string => new Date(Date.now() + DAY).toISOString();
  return (
    <>
      <MenuItem icon="pin" onChoose={() => void pin({ conversationId, pinned: pinnedAt === null })}>
        {pinnedAt === null ? w.pin : w.unpin}
      </MenuItem>
      <MenuItem icon={muted ? 'bell' : 'mute'} onChoose={() => void mute({ conversationId, until: muted ? null : until() })}>
        {muted ? w.unmute : w.mute}
      </MenuItem>
      <MenuItem icon="archive" onChoose={() => void archive({ conversationId, archived: archivedAt === null })}>
        {archivedAt === null ? w.archive : w.unarchive}
      </MenuItem>
    </>
  );
}
