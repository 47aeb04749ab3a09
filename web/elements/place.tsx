// A conversation, or one that its first message will open.
import { useCallback } from 'react';
import { useNavigation } from '../inbox/src/app/navigation';
import { useWords } from '../inbox/src/i18n/language';
import { NewThread } from '../inbox/src/thread/new-thread';
import { ThreadView } from '../inbox/src/thread/thread-view';
import { Empty } from '../inbox/src/ui/empty';
import { words } from './words';

export function Place({ onBack }: { onBack?(): void }) {
  const w = useWords(words);
  const { route, go } = useNavigation();
  const open = useCallback((id: string) => go({ at: 'conversation', id }), [go]);
  switch (route.at) {
    case 'conversation':
      return <ThreadView key={route.id} conversationId={route.id} messageId={route.messageId} onBack={onBack} />;
    case 'new':
      return (
        <NewThread
          key={`${route.kind}/${route.externalId}`}
          kind={route.kind}
          externalId={route.externalId}
          onBack={onBack}
          onOpened={open}
        />
      );
    default:
      return <Empty icon="chat" title={w.pickOne} detail={w.pickOneMore} />;
  }
}
