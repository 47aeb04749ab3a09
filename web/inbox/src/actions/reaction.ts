// What a message's reactions are once somebody has put one to it, or taken it back.
import type { Message } from '../api/messages-in';

interface Person {
  id: string;
  name: string;
}

export function withReaction(message: Message, emoji: string, { id, name }: Person, reacted: boolean): Message {
  const before = message.reactions.find((one) => one.emoji === emoji);
  if ((before?.viewerReacted ?? false) === reacted) return message;
  const others = before?.users.filter((user) => user.id !== id) ?? [];
  const users = reacted ? [...others, { __typename: 'User' as const, id, name }] : others;
  const count = (before?.count ?? 0) + (reacted ? 1 : -1);
  const after = { __typename: 'Reaction' as const, emoji, count, users, viewerReacted: reacted };
  const reactions = before
    ? message.reactions.map((one) => (one === before ? after : one)).filter((one) => one.count > 0)
    : [...message.reactions, after];
  return { ...message, reactions };
}
