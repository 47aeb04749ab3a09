// What is on its way into a thread, and is not in it yet.
import { useMemo } from 'react';
import type { Edge } from '../api/messages-in';
import { useSession } from '../api/session';
import { useStore } from '../api/store';
import type { Outgoing } from './outbox';

export function usePending(to: Outgoing['to'], edges: readonly Edge[]): Outgoing[] {
  const outgoing = useStore(useSession().outbox);
  const place = JSON.stringify(to);
  return useMemo(() => {
    const here = outgoing.filter((one) => JSON.stringify(one.to) === place);
    if (here.length === 0) return here;
    // It may be told by the stream before the answer to its sending has come.
    const arrived = new Set(edges.map(({ node }) => node.clientMessageId));
    return here.filter(({ clientMessageId }) => !arrived.has(clientMessageId));
  }, [outgoing, place, edges]);
}
