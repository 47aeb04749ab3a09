// A message that somebody is about to answer, delete or report, as it is now: its author may change or delete it meanwhile.
import { useEffect, useState } from 'react';
import type { Message } from '../api/messages-in';
import { useSession } from '../api/session';
import { useStore } from '../api/store';
import { useTools } from './tools';

/** Also when the part of the thread that is shown has it no more, since one has scrolled or jumped elsewhere. */
export function useCurrent<T extends Message | undefined>(message: T): T {
  const { live } = useSession();
  const { thread } = useTools();
  const { edges } = useStore(thread);
  const [told, setTold] = useState<Message>();
  const id = message?.id;
  useEffect(() => {
    if (id === undefined) return;
    return live.listen((event) => {
      if (event.__typename === 'MessageUpdatedEvent' && event.message.id === id) setTold(event.message);
    });
  }, [live, id]);
  if (message === undefined) return message;
  const shown = edges.find(({ node }) => node.id === id)?.node;
  return (shown ?? (told?.id === id ? told : message)) as T;
}
