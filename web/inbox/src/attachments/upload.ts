// Gives the server one file, and says what came of it.
import type { Palaver } from '@palaver/client';
import { stringifyDocument } from '@urql/core';
import { UploadDocument, type AttachmentFieldsFragment, type UploadMutation } from '../api/generated';
import { listenTo } from './progress';

export type Attachment = AttachmentFieldsFragment;

export type Uploaded =
  | { is: 'ready'; attachment: Attachment }
  /** A code of the server's, or UNREACHABLE. */
  | { is: 'failed'; code: string }
  /** Milliseconds until the server takes files again. */
  | { is: 'tooOften'; retryAfter: number };

const query = stringifyDocument(UploadDocument);

export async function upload(
  palaver: Palaver,
  file: File,
  signal: AbortSignal,
  onProgress: (fraction: number) => void,
): Promise<Uploaded> {
  listenTo(signal, onProgress);
  try {
    const { data } = await palaver.execute<UploadMutation>({ query, variables: { file } }, { signal });
    const { attachment, errors: [refusal] = [] } = data?.uploadAttachment ?? {};
    if (attachment) return { is: 'ready', attachment };
    if (refusal?.__typename === 'RateLimitedError') return { is: 'tooOften', retryAfter: refusal.retryAfterMs };
    return { is: 'failed', code: refusal?.code ?? 'REFUSED' };
  } catch {
    return { is: 'failed', code: 'UNREACHABLE' };
  }
}
