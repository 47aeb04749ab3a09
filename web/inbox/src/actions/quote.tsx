// What a message answers, as it is now: who said it, and how it begins.
import type { Message } from '../api/messages-in';
import { useSession } from '../api/session';
import { useWords } from '../i18n/language';
import styles from './quote.module.css';
import { useNotice } from './notice';
import { useTools } from './tools';
import { words } from './words';

export type Quoted = Pick<Message, 'id' | 'kind' | 'body' | 'deletedAt'> & { sender: { id: string; name: string } | null };

/** Choosing it shows the message, wherever it is. */
export function Quote({ quoted }: { quoted: Quoted }) {
  const w = useWords(words);
  const { thread } = useTools();
  const notice = useNotice();
  const name = useNameOf(quoted);
  return (
    <button
      type="button"
      className={styles.quote}
      data-testid="quote"
      title={w.jump(name)}
      onClick={() => void thread.jumpTo(quoted.id).then((isThere) => isThere || notice.set(w.NOT_FOUND))}
    >
      <QuoteWords name={name} quoted={quoted} />
    </button>
  );
}

export function QuoteWords({ name, quoted }: { name: string; quoted: Quoted }) {
  const excerpt = useExcerpt(quoted);
  return (
    <>
      <span className={styles.name} dir="auto">
        {name}
      </span>
      <span className={styles.words} dir="auto" data-deleted={quoted.deletedAt !== null || undefined}>
        {excerpt}
      </span>
    </>
  );
}

export function useNameOf({ sender }: Quoted): string {
  const w = useWords(words);
  const viewer = useSession().viewer.get();
  if (sender === null) return w.someone;
  return sender.id === viewer?.user.id ? w.you : sender.name;
}

function useExcerpt({ kind, body, deletedAt }: Quoted): string {
  const w = useWords(words);
  if (deletedAt !== null) return w.gone;
  // As much as there is ever room for.
  if (body) return body.slice(0, 300);
  return kind === 'IMAGE' ? w.picture : kind === 'VOICE' ? w.voice : w.file;
}
