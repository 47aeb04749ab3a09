// Archive, mute and pin: for oneself only. Each is shown at once, and taken back if the server says otherwise, which is told.
import { useClient } from 'urql';
import { useTell } from '../actions/notice';
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
  const client = useClient();
  const tell = useTell(w);
  const { id: conversationId, archivedAt, pinnedAt } = conversation;
  const muted = isMuted(conversation);
  // Not by hooks of this menu: it may be gone before the server has answered.
  const pin = async (pinned: boolean): Promise<void> => {
    const { data, error } = await client.mutation(PinDocument, { conversationId, pinned }).toPromise();
    tell(data?.pinConversation, error);
  };
  const mute = async (isToBe: boolean): Promise<void> => {
    const until = isToBe ? new Date(Date.now() + DAY).toISOString() : null;
    const { data, error } = await client.mutation(MuteDocument, { conversationId, until }).toPromise();
    tell(data?.muteConversation, error);
  };
  const archive = async (archived: boolean): Promise<void> => {
    const { data, error } = await client.mutation(ArchiveDocument, { conversationId, archived }).toPromise();
    tell(data?.archiveConversation, error);
  };
  return (
    <>
      <MenuItem icon="pin" onChoose={() => void pin(pinnedAt === null)}>
        {pinnedAt === null ? w.pin : w.unpin}
      </MenuItem>
      <MenuItem icon={muted ? 'bell' : 'mute'} onChoose={() => void mute(!muted)}>
        {muted ? w.unmute : w.mute}
      </MenuItem>
      <MenuItem icon="archive" onChoose={() => void archive(archivedAt === null)}>
        {archivedAt === null ? w.archive : w.unarchive}
      </MenuItem>
    </>
  );
}
