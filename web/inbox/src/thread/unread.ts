// What the viewer has not read of the messages that are there already, without asking the server.
import type { Client } from 'urql';
import { ThreadDocument } from '../api/generated';
import type { Message } from '../api/messages-in';
import { selfIn } from '../conversations/people';
import { firstSeq, type Range } from './range';

/** The first such message; undefined when all is read, or when it may stand before what is there. */
export function firstUnreadIn(client: Client, conversationId: string, range: Range): Message | undefined {
  const conversation = client.readQuery(ThreadDocument, { id: conversationId })?.data?.conversation;
  const self = conversation && selfIn(conversation);
  if (!self || (range.hasPrevious && self.lastReadSeq < firstSeq(range) - 1)) return undefined;
  return range.edges.find(({ node }) => node.seq > self.lastReadSeq && node.sender?.id !== self.user.id)?.node;
}
