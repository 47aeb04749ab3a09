// One attempt to send what is in the outbox, and what came of it.
import type { Client, CombinedError } from 'urql';
import { OpenDocument, SendDocument } from '../api/generated';
import { retryAfterIn } from '../api/refusal';
import type { Outgoing } from './outbox';

export type Outcome =
  | { is: 'sent'; conversationId: string; messageId: string }
  /** The server understood it, and will say the same again. */
  | { is: 'refused'; refusal: { code: string; detail?: string } }
  /** Nobody knows whether it arrived: to be repeated with the same key. Milliseconds, when the server said how long. */
  | { is: 'unknown'; retryAfter?: number };

interface Refusal {
  code: string;
  refusal?: string;
  retryAfterMs?: number;
}

/** Codes of an answer without data after which a repeat would be answered in the same way. */
const FINAL = new Set(['BAD_USER_INPUT', 'GRAPHQL_VALIDATION_FAILED', 'FORBIDDEN']);

export async function sendOnce(client: Client, outgoing: Outgoing): Promise<Outcome> {
  const { to, body, clientMessageId, attachments, replyToId } = outgoing;
  const attachmentIds = attachments?.map(({ id }) => id);
  const content = { body, clientMessageId, attachmentIds };
  if ('conversationId' in to) {
    const input = { ...content, conversationId: to.conversationId, replyToId };
    const { data, error } = await client.mutation(SendDocument, { input }).toPromise();
    const sent = data?.sendMessage;
    return outcomeOf(sent?.messageEdge?.node, sent?.errors, error);
  }
  const input = { subject: to.subject, firstMessage: content };
  const { data, error } = await client.mutation(OpenDocument, { input }).toPromise();
  const opened = data?.openConversation;
  return outcomeOf(opened?.messageEdge?.node, opened?.errors, error);
}

function outcomeOf(
  message: { id: string; conversation: { id: string } } | null | undefined,
  [refusal]: readonly Refusal[] = [],
  error: CombinedError | undefined,
): Outcome {
  if (message) return { is: 'sent', conversationId: message.conversation.id, messageId: message.id };
  if (refusal?.retryAfterMs !== undefined) return { is: 'unknown', retryAfter: refusal.retryAfterMs };
  if (refusal) return { is: 'refused', refusal: { code: refusal.code, detail: refusal.refusal } };
  const problem = error?.graphQLErrors[0];
  const code = problem?.extensions.code;
  if (typeof code === 'string' && FINAL.has(code)) return { is: 'refused', refusal: { code } };
  return { is: 'unknown', retryAfter: retryAfterIn(problem) };
}
