import { Refusal } from '../../shared/result.ts';
import { engine } from './engine.ts';
import type { HeldKey, KeyRing } from './key-ring.ts';
import { derOfSignature, spkiOfPoint } from './p256-encoding.ts';
import type { VaultCore } from './vault-core.ts';

/**
 * A signing key lent to work that must be able to end even when the vault is locked meanwhile: a run's receipt. Whoever
 * asked for it releases it.
 */
export type Signer = {
  readonly keyId: string;
  /** SPKI DER */
  readonly publicKey: Uint8Array;
  /** ECDSA P-256 over SHA-256, low s, DER. @throws Error after `release` */
  sign(bytes: Uint8Array): Uint8Array;
  release(): void;
};

/** The key of a role that signs now: the newest active one that has not expired. */
export function activeKey(ring: KeyRing, role: 'sign' | 'log', now: number): HeldKey | undefined {
  return ring.keys.findLast((key) => key.role === role && key.state === 'active' && !hasExpired(key, now));
}

export function hasExpired(key: { readonly expiresAt: number | null }, now: number): boolean {
  return key.expiresAt !== null && key.expiresAt <= now;
}

/** Lends the active key of a role. @throws Refusal `vault.locked`, or `vault.key-unusable` when there is no active key */
export function lendSigner(core: VaultCore, role: 'sign' | 'log'): Signer {
  const key = activeKey(core.ring(), role, core.now());
  if (key?.secret === undefined) throw new Refusal('vault.key-unusable', `there is no active ${role} key`);
  const scalar = engine().curve.signer(key.secret);
  let isReleased = false;
  return {
    keyId: key.keyId,
    publicKey: spkiOfPoint(key.point),
    sign(bytes) {
      if (isReleased) throw new Error('signer was released');
      core.countUse(key.keyId);
      return derOfSignature(scalar.sign(bytes));
    },
    release() {
      isReleased = true;
      scalar.wipe();
    },
  };
}
