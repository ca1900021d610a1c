import { useQuery } from '@tanstack/react-query';
import type { AuditVerification } from '../../../shared/contract/audit.ts';
import { useBridge } from '../../bridge/context.ts';
import { queries } from '../../bridge/queries.ts';

/** The present or last verification of the log, and what begins and ends one. */
export function useVerification(): {
  verification: AuditVerification | undefined;
  start: () => void;
  cancel: () => void;
} {
  const { client } = useBridge();
  const { data } = useQuery(queries.verification(client));
  return {
    verification: data,
    start: () => void client.audit.verify({}),
    cancel: () => void client.audit.cancelVerification({}),
  };
}

/** Entries checked per second so far; 0 until there is something to divide. */
export function verificationRate(verification: AuditVerification, now: number): number {
  const { progress, startedAt } = verification;
  if (progress === null || startedAt === null || now <= startedAt) return 0;
  return Math.round((progress.seq * 1000) / (now - startedAt));
}
