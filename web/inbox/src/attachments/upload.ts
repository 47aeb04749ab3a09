// Gives the server one file, and says what came of it.
import { PalaverError, type Palaver } from '@palaver/client';
import { stringifyDocument } from '@urql/core';
import { UploadDocument, type AttachmentFieldsFragment, type UploadMutation } from '../api/generated';
import { retryAfterIn } from '../api/refusal';
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
    const { data, errors: [problem] = [] } = await palaver.execute<UploadMutation>({ query, variables: { file } }, { signal });
    const { attachment, errors: [refusal] = [] } = data?.uploadAttachment ?? {};
    if (attachment) return { is: 'ready', attachment };
    if (refusal?.__typename === 'RateLimitedError') return { is: 'tooOften', retryAfter: refusal.retryAfterMs };
    if (refusal) return { is: 'failed', code: refusal.code };
    // Refused before it was read: too many are on their way, or it is too large for whatever stands in front.
    const retryAfter = retryAfterIn(problem);
    if (retryAfter !== undefined) return { is: 'tooOften', retryAfter };
    const code = problem?.extensions?.code;
    return { is: 'failed', code: code === 'PAYLOAD_TOO_LARGE' ? 'TOO_LARGE' : typeof code === 'string' ? code : 'REFUSED' };
  } catch (cause) {
    return { is: 'failed', code: cause instanceof PalaverError ? codeOf(cause.code) : 'UNREACHABLE' };
  }
}

/** Of an answer that is none of Palaver's, as a proxy gives it. */
function codeOf(status: string | number): string {
  if (status === 413) return 'TOO_LARGE';
  if (status === 429) return 'RATE_LIMITED';
  return Number(status) >= 400 && Number(status) < 500 ? 'REFUSED' : 'UNREACHABLE';
}
