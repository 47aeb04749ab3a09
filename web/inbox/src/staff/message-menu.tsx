// What staff may do with a message of others: copy its words, and take it away.
import { useTools } from '../actions/tools';
import styles from '../actions/message-menu.module.css';
import { words as actionWords } from '../actions/words';
import type { Message } from '../api/messages-in';
import { useStore } from '../api/store';
import { useWords } from '../i18n/language';
import { Icon } from '../ui/icon';
import { Menu, MenuItem } from '../ui/menu';
import { ActDialog } from './act-dialog';
import { useActs } from './acts';
import { words } from './words';

export function StaffMessageMenu({ message, isLast }: { message: Message; isLast: boolean }) {
  const w = useWords(actionWords);
  const { remove } = useWords(words);
  const { doomed } = useTools();
  const { body } = message;
  return (
    <div className={styles.place} data-message-menu="">
      <Menu
        label={w.more}
        side="floating"
        className={styles.opener}
        tabIndex={isLast ? 0 : -1}
        button={<Icon name="more" size={18} />}
      >
        {body && navigator.clipboard && (
          <MenuItem icon="copy" onChoose={() => void navigator.clipboard.writeText(body)}>
            {w.copy}
          </MenuItem>
        )}
        <MenuItem icon="delete" isDanger onChoose={() => doomed.set(message)}>
          {remove}
        </MenuItem>
      </Menu>
    </div>
  );
}

export function RemoveDialog({ onRemoved }: { onRemoved(left: Message): void }) {
  const w = useWords(words);
  const acts = useActs();
  const { doomed } = useTools();
  const message = useStore(doomed);
  if (message === null) return null;
  return (
    <ActDialog
      title={w.removeTitle}
      detail={w.removeMore}
      message={message}
      verb={w.remove}
      isDanger
      act={async (reason) => {
        const { refusal, left } = await acts.remove(message, reason);
        if (left) onRemoved(left);
        return refusal;
      }}
      onClose={() => doomed.set(null)}
    />
  );
}
