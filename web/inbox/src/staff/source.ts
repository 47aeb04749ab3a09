// The messages of anybody's conversation, from the newest on.
import { StaffMessagesDocument } from '../api/generated';
import type { Source } from '../thread/source';

export const asStaff: Source = {
  /** Staff have read nothing; whether the conversation is there, the first page tells. */
  start: () => Promise.resolve({ firstUnreadMessage: null }),
  async page(read, variables) {
    const { admin } = await read(StaffMessagesDocument, variables);
    const conversation = admin?.conversation;
    return conversation && conversation.messages;
  },
};
