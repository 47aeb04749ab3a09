// Nothing is here for the viewer, and nothing is said of whether there is anything for others.
import { useWords } from '../i18n/language';
import { Button } from '../ui/button';
import { Empty } from '../ui/empty';
import { words } from './words';

export function Missing({ onBack }: { onBack?(): void }) {
  const w = useWords(words);
  return (
    <Empty icon="lock" title={w.missing} detail={w.missingMore}>
      {onBack && <Button onClick={onBack}>{w.back}</Button>}
    </Empty>
  );
}
