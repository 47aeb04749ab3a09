// Nothing is here for the viewer, and nothing is said of whether there is anything for others.
import { useWords } from '../i18n/language';
import { Button } from '../ui/button';
import { Empty } from '../ui/empty';
import { words } from './words';

interface Props {
  /** What there is none of; of another kind when it is something to write about. */
  what?: 'conversation' | 'listing' | 'other';
  onBack?(): void;
}

export function Missing({ what = 'conversation', onBack }: Props) {
  const w = useWords(words);
  const [title, detail] = {
    conversation: [w.missing, w.missingMore],
    listing: [w.missingListing, w.missingListingMore],
    other: [w.missingOther, w.missingOtherMore],
  }[what];
  return (
    <Empty icon="lock" title={title ?? ''} detail={detail}>
      {onBack && <Button onClick={onBack}>{w.back}</Button>}
    </Empty>
  );
}
