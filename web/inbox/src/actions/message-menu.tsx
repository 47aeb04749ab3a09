// A message's own menu: emoji to put to it, and what else can be done with it.
import { useState, type KeyboardEvent } from 'react';
import type { Message } from '../api/messages-in';
import { useWords } from '../i18n/language';
import { Icon } from '../ui/icon';
import { Menu, MenuAction, MenuItem, MenuSeparator } from '../ui/menu';
import { useActs } from './acts';
import { AT_HAND, MORE } from './emojis';
import styles from './message-menu.module.css';
import { useTools } from './tools';
import { words } from './words';

interface Props {
  message: Message;
  isMine: boolean;
  /** Can something be said here? Else one can read, report, and delete what is one's own. */
  isOpen: boolean;
  /** Only the last one is reached by Tab; arrow keys go from message to message. */
  isLast: boolean;
}

export function MessageMenu(props: Props) {
  const w = useWords(words);
  return (
    <div className={styles.place} data-message-menu="">
      <Menu
        label={w.more}
        side="floating"
        className={styles.opener}
        tabIndex={props.isLast ? 0 : -1}
        button={<Icon name="more" size={18} />}
      >
        <Items {...props} />
      </Menu>
    </div>
  );
}

function Items({ message, isMine, isOpen }: Props) {
  const w = useWords(words);
  const { intent, doomed, reported } = useTools();
  const { body } = message;
  return (
    <>
      {isOpen && <Emoji message={message} />}
      {isOpen && (
        <MenuItem icon="reply" onChoose={() => intent.set({ is: 'answer', message })}>
          {w.reply}
        </MenuItem>
      )}
      {body && navigator.clipboard && (
        <MenuItem icon="copy" onChoose={() => void navigator.clipboard.writeText(body)}>
          {w.copy}
        </MenuItem>
      )}
      {isMine && isOpen && body !== null && (
        <MenuItem icon="edit" onChoose={() => intent.set({ is: 'edit', message })}>
          {w.edit}
        </MenuItem>
      )}
      {!isMine && (
        <MenuItem icon="flag" onChoose={() => reported.set(message)}>
          {w.report}
        </MenuItem>
      )}
      {isMine && (
        <MenuItem icon="delete" isDanger onChoose={() => doomed.set(message)}>
          {w.remove}
        </MenuItem>
      )}
    </>
  );
}

function Emoji({ message }: { message: Message }) {
  const w = useWords(words);
  const { react } = useActs();
  const [hasMore, setMore] = useState(false);
  const isChosen = (emoji: string): boolean => message.reactions.some((one) => one.emoji === emoji && one.viewerReacted);
  return (
    <>
      <div className={styles.emoji} role="group">
        {[...AT_HAND, ...(hasMore ? MORE : [])].map((emoji) => (
          <MenuAction
            key={emoji}
            role="menuitemcheckbox"
            aria-checked={isChosen(emoji)}
            className={styles.one}
            onChoose={() => void react(message, emoji, !isChosen(emoji))}
          >
            {emoji}
          </MenuAction>
        ))}
        {!hasMore && (
          <button
            type="button"
            role="menuitem"
            tabIndex={-1}
            className={`${styles.one} ${styles.add}`}
            aria-label={w.moreEmoji}
            title={w.moreEmoji}
            onClick={(event) => {
              const before = event.currentTarget.previousElementSibling;
              setMore(true);
              // The button goes; who came by keyboard goes on from where it was.
              if (before instanceof HTMLElement) before.focus();
            }}
          >
            <Icon name="add" size={18} />
          </button>
        )}
      </div>
      <MenuSeparator />
    </>
  );
}

/** Arrow keys on a message's button go to that of the one above or below. */
export function goByArrow(event: KeyboardEvent<HTMLElement>): void {
  const step = event.key === 'ArrowUp' ? -1 : event.key === 'ArrowDown' ? 1 : 0;
  const all = [...event.currentTarget.querySelectorAll<HTMLElement>('[data-message-menu] > div > button')];
  const here = all.indexOf(event.target as HTMLElement);
  const next = here < 0 || step === 0 ? undefined : all[here + step];
  if (next === undefined) return;
  event.preventDefault();
  next.focus();
}
