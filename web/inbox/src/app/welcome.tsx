// Beside the list, while nothing is chosen from it.
import { useWords } from '../i18n/language';
import { Empty } from '../ui/empty';
import { words } from './words';

export function Welcome() {
  const w = useWords(words);
  return <Empty icon="chat" title={w.pickOne} detail={w.pickOneMore} />;
}
