// How a message stands to the one above it.
import type { Message } from '../api/messages-in';
import { dayOf } from '../i18n/times';

/** Messages of one person that follow each other within this time stand together. */
const TOGETHER = 5 * 60_000;

export const isOfNewDay = (above: Message | undefined, message: Message): boolean =>
  above === undefined || dayOf(above.createdAt) !== dayOf(message.createdAt);

export const standTogether = (above: Message | undefined, message: Message): boolean =>
  above !== undefined &&
  above.kind !== 'SYSTEM' &&
  message.kind !== 'SYSTEM' &&
  above.sender?.id === message.sender?.id &&
  Date.parse(message.createdAt) - Date.parse(above.createdAt) < TOGETHER;
