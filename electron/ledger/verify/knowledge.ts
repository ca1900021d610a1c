import type { VerificationOptions } from './verify-folder.ts';

/** What a verification cannot know, said plainly: a verdict without it would promise too much. */
export function limitsOfKnowledge(known: {
  readonly base: number;
  readonly size: number;
  readonly signedSize: number;
  readonly options: VerificationOptions;
  readonly keyIds: readonly string[];
}): string[] {
  const { base, size, signedSize, options, keyIds } = known;
  const limits: string[] = [];
  if (!options.anchor) {
    limits.push(
      'whether the folder is an older copy of itself: no head kept outside the folder was given to compare with',
    );
  }
  const unsigned = size - signedSize;
  if (unsigned > 0) {
    const which = unsigned === 1 ? 'the last entry' : `the last ${unsigned} entries`;
    limits.push(
      `whether ${which} are as they were written: no checkpoint has signed them yet, so whoever can write the folder can write them anew`,
    );
  }
  if (keyIds.length === 0) limits.push('who wrote the log: it has no key');
  else if (options.expectedKeyId === undefined) {
    limits.push(
      `whose keys these are: compare the first key’s fingerprint, ${fingerprintOf(keyIds[0]!)}, with one from the log’s owner`,
    );
  }
  if (base > 0) limits.push(`what entries 0 to ${base - 1} said: they were pruned, only their hashes remain`);
  limits.push(
    'whether what the entries say is true, and whether someone else was shown another log under the same key',
  );
  return limits;
}

/** `SHA256:` and base64, as keys are shown everywhere. */
function fingerprintOf(keyId: string): string {
  return `SHA256:${Buffer.from(keyId, 'hex').toString('base64')}`;
}
