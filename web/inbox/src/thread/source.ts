// Where the messages of a thread are read: as somebody who is in it, or otherwise.
import type { AnyVariables, TypedDocumentNode } from 'urql';
import { MessagePageDocument, ThreadStartDocument, type MessagePageQueryVariables } from '../api/generated';
import type { Page } from './range';

/** Asks the server; without a field that it refused. */
export type Read = <Data, Variables extends AnyVariables>(
  document: TypedDocumentNode<Data, Variables>,
  variables: Variables,
) => Promise<Partial<Data>>;

/** Null from either: there is no such conversation. Undefined: it was refused. */
export interface Source {
  start(read: Read, id: string): Promise<{ firstUnreadMessage: { id: string; seq: number } | null } | null | undefined>;
  page(read: Read, variables: MessagePageQueryVariables): Promise<Page | null | undefined>;
}

export const asViewer: Source = {
  async start(read, id) {
    return (await read(ThreadStartDocument, { id })).conversation;
  },
  async page(read, variables) {
    const { conversation } = await read(MessagePageDocument, variables);
    return conversation && conversation.messages;
  },
};
