// Addresses of files are signed for some minutes: when one has ended, the file's present one is asked for.
import { useCallback, useState } from 'react';
import { useClient } from 'urql';
import { AttachmentDocument } from '../api/generated';
import type { Attachment } from './upload';

export interface Signed {
  attachment: Attachment;
  /** Asks for the present address; whether there is another one. */
  renew(): Promise<boolean>;
  isExpired(): boolean;
}

export function useSigned(given: Attachment): Signed {
  const client = useClient();
  const [fresh, setFresh] = useState<Attachment | null>(null);
  const attachment = fresh !== null && fresh.urlExpiresAt > given.urlExpiresAt ? fresh : given;
  const renew = useCallback(async () => {
    const { data } = await client.query(AttachmentDocument, { id: given.id }, { requestPolicy: 'network-only' }).toPromise();
    if (data?.node?.__typename !== 'Attachment') return false;
    setFresh(data.node);
    return data.node.urlExpiresAt > attachment.urlExpiresAt;
  }, [client, given.id, attachment.urlExpiresAt]);
  return { attachment, renew, isExpired: () => Date.parse(attachment.urlExpiresAt) <= Date.now() };
}
