// Who is in a conversation, beside the viewer.
import type { ConversationFieldsFragment, ParticipantFieldsFragment } from '../api/generated';
import { apart } from '../i18n/apart';

export type Conversation = ConversationFieldsFragment;
export type Participant = ParticipantFieldsFragment;

export const selfIn = ({ participants, viewerParticipant }: Conversation): Participant | undefined =>
  participants.find(({ id }) => id === viewerParticipant?.id);

export const othersIn = ({ participants, viewerParticipant }: Conversation): Participant[] =>
  participants.filter(({ id }) => id !== viewerParticipant?.id);

/** The other person of a pair; else the first of the others, if there is any. */
export const counterpartIn = (conversation: Conversation): Participant | undefined =>
  conversation.participants.find(({ id }) => id === conversation.counterpart?.id) ?? othersIn(conversation)[0];

/** Of several none turns the others around. */
export const namesIn = (conversation: Conversation): string => {
  const counterpart = conversation.counterpart && counterpartIn(conversation);
  return counterpart ? counterpart.user.name : othersIn(conversation).map(({ user }) => apart(user.name)).join(', ');
};

export const isMuted = ({ mutedUntil }: Conversation): boolean =>
  mutedUntil !== null && new Date(mutedUntil).getTime() > Date.now();

/** Pinned ones first, then by the newest message. */
export function inOrder(conversations: readonly Conversation[]): Conversation[] {
  const moment = ({ lastMessageAt, createdAt }: Conversation): string => lastMessageAt ?? createdAt;
  const rank = (one: Conversation): number => (one.pinnedAt === null ? 0 : 1);
  return conversations.toSorted((a, b) => rank(b) - rank(a) || (moment(a) < moment(b) ? 1 : moment(a) > moment(b) ? -1 : 0));
}
