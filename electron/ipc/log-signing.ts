import type { Ledger, LogSigner } from '../ledger/index.ts';
import type { Signer, Vault } from '../vault/index.ts';

/**
 * Lets the log sign its checkpoints while the vault is unlocked: a first key is made known to the log, a changed one is
 * handed over in order, and a lock signs once more before the key is let go.
 *
 * @returns how to stop, which lets go of the key
 */
export async function signLog(
  vault: Vault,
  ledger: Ledger,
  report: (where: string, error: unknown) => void,
): Promise<() => Promise<void>> {
  let held: Signer | undefined;

  async function follow(): Promise<void> {
    const isUnlocked = vault.status().state === 'unlocked';
    if (!isUnlocked) return letGo();
    const next = vault.signer('log');
    if (next.keyId === held?.keyId) return next.release();
    if (held === undefined) await ledger.setSigner(portOf(next));
    else await ledger.rotateKey(portOf(next));
    held?.release();
    held = next;
  }

  async function letGo(): Promise<void> {
    const last = held;
    held = undefined;
    if (last === undefined) return;
    try {
      await ledger.checkpoint();
    } finally {
      await ledger.setSigner(undefined);
      last.release();
    }
  }

  let following = Promise.resolve();
  const followNext = (): Promise<void> => {
    following = following.then(follow).catch((error: unknown) => report('ledger.signer', error));
    return following;
  };
  await followNext();
  const unsubscribe = vault.onChange(() => void followNext());
  return async () => {
    unsubscribe();
    await following;
    held?.release();
    held = undefined;
  };
}

function portOf(signer: Signer): LogSigner {
  return { publicKeySpki: signer.publicKey, sign: (bytes) => signer.sign(bytes) };
}
