// Finds the messages in an answer: whoever changes one (by an event, or by an act of one's own) changes it in open threads.
import type { MessageEdgeFieldsFragment, MessageFieldsFragment } from './generated';

export type Message = MessageFieldsFragment;
export type Edge = MessageEdgeFieldsFragment;

const isWhole = (value: Record<string, unknown>): boolean =>
  value.__typename === 'Message' && typeof value.seq === 'number' && Array.isArray(value.reactions);

/** Edges and messages with all of their fields, those in lists included; what only points to a message is not one. */
export function messagesIn(value: unknown, found: (message: Message, edge?: Edge) => void): void {
  if (typeof value !== 'object' || value === null) return;
  if (Array.isArray(value)) {
    for (const one of value) messagesIn(one, found);
    return;
  }
  const fields = value as Record<string, unknown>;
  if (fields.__typename === 'MessageEdge') {
    const edge = value as Edge;
    if (isWhole(edge.node)) found(edge.node, edge);
  } else if (isWhole(fields)) {
    found(value as Message);
  } else {
    for (const one of Object.values(fields)) messagesIn(one, found);
  }
}
