import type { ReceiptPredicate } from '../../shared/model/receipt.ts';
import type { RunRequest } from '../../shared/model/run.ts';
import type { KeyId } from '../../shared/model/scalars.ts';
import type { RunResult } from '../hypervisor/index.ts';
import type { Vault } from '../vault/index.ts';
import { digestOf, type SealedOrigin } from './module-store.ts';
import type { Rooms } from './ports.ts';
import type { RunExtras } from './run-service.ts';

/** What a run gave, sealed; it is in no other form outside of memory. */
export type SealedOutput = SealedOrigin & { readonly bytes: Uint8Array };

/** Seals results, streams and files of every instance to the session's caller, or to the recipients of the request. */
export async function sealOutput(
  vault: Vault,
  run: { readonly request: RunRequest; readonly extras: RunExtras; readonly sealTo: readonly Uint8Array[] | undefined },
  { outcome, items }: RunResult,
): Promise<SealedOutput> {
  const { request, extras, sealTo } = run;
  const content = new TextEncoder().encode(JSON.stringify({ outcome, items }, bytesAsBase64));
  try {
    if (extras.session !== undefined) {
      const bytes = await extras.session.reply(content);
      return { bytes, sha256: await digestOf(bytes), recipients: [extras.session.replyTo] };
    }
    const recipients: readonly KeyId[] = request.sealTo ?? [];
    const bytes = await vault.sealing.seal(content, {
      name: `${request.module.slice(0, 16)}.output.json`,
      mediaType: 'application/json',
      kind: 'output',
      recipients,
      publicKeys: sealTo ?? [],
    });
    return { bytes, sha256: await digestOf(bytes), recipients };
  } finally {
    content.fill(0);
  }
}

/** What of a run was sealed, for its receipt. */
export function sealedParts(
  { modules }: Rooms,
  request: RunRequest,
  extras: RunExtras,
  output: SealedOutput | undefined,
): { sealed?: NonNullable<ReceiptPredicate['sealed']> } {
  const module = extras.sealedModule ?? modules.sealedOrigin(request.module);
  const input = extras.sealedInput;
  if (module === undefined && input === undefined && output === undefined) return {};
  return { sealed: { module: partOf(module), input: partOf(input), output: partOf(output) } };
}

function partOf(origin: SealedOrigin | undefined): { sha256: string; recipients: KeyId[] } | null {
  return origin === undefined ? null : { sha256: origin.sha256, recipients: [...origin.recipients] };
}

function bytesAsBase64(_name: string, value: unknown): unknown {
  return value instanceof Uint8Array ? Buffer.from(value).toString('base64') : value;
}
