import { Refusal } from '../../shared/result.ts';
import { checkSize } from './module-file.ts';
import { digestOf, type SealedOrigin } from './module-store.ts';
import type { Rooms } from './ports.ts';

/** A module's plaintext, in memory only, and the sealed bytes it came out of. */
export type OpenedModule = { readonly name: string; readonly content: Uint8Array; readonly origin: SealedOrigin };

/**
 * Opens a sealed module in memory, by a passphrase, the key named, or the own key that the header's tag names. Every
 * byte was verified when this resolves.
 * @throws Refusal `vault.cannot-open`, also for what is no module; `vault.locked`; `module.too-large`
 */
export async function openSealedModule(
  { vault, policies }: Pick<Rooms, 'vault' | 'policies'>,
  sealed: Uint8Array,
  by: { passphrase?: string | undefined; keyId?: string | undefined },
): Promise<OpenedModule> {
  const { limits } = policies.named(policies.active());
  checkSize('the sealed module', sealed.length, limits.moduleBytes + 1024 * 1024);
  const { kind, meta, content } = await vault.sealing.open(sealed, by);
  if (kind !== 'module') {
    content.fill(0);
    throw new Refusal('vault.cannot-open', 'the sealed data could not be opened');
  }
  const { recipients } = await vault.sealing.inspect(sealed.subarray(0, 131_072));
  return {
    name: meta.name === '' ? 'sealed.wasm' : meta.name,
    content,
    origin: { sha256: await digestOf(sealed), recipients: recipients.flatMap(({ keyId }) => (keyId ? [keyId] : [])) },
  };
}
