import type { KeyRecord, KeyRole, KeyState } from '../../../shared/model/key.ts';
import type { Tone } from '../../lib/outcome.ts';

export const roles: Record<KeyRole, { word: string; note: string }> = {
  seal: { word: 'Seal', note: 'Others encrypt to it, and it opens what they sealed.' },
  sign: {
    word: 'Sign',
    note: 'Signs the receipts of runs. A new one takes the place of the active one, which is retired.',
  },
  log: {
    word: 'Log',
    note: 'Signs the checkpoints of the log. A new one takes the place of the active one, which is retired.',
  },
};

export const states: Record<KeyState, { tone: Tone; word: string; note: string }> = {
  active: { tone: 'ok', word: 'Active', note: 'It seals or signs.' },
  retired: {
    tone: 'cancelled',
    word: 'Retired',
    note: 'It opens what was sealed to it, and no longer seals or signs.',
  },
  expired: { tone: 'timeout', word: 'Expired', note: 'It opens what was sealed to it, and no longer seals or signs.' },
  revoked: { tone: 'denied', word: 'Revoked', note: 'It still opens; what it signed is marked as not to be trusted.' },
  destroyed: {
    tone: 'unchecked',
    word: 'Destroyed',
    note: 'Its private half is gone; the public half stays to recognise old signatures.',
  },
};

export const origins: Record<KeyRecord['origin'], string> = {
  generated: 'made here',
  imported: 'imported',
  restored: 'restored from a backup',
};

/** Active keys first, then by role, then the newest. */
export function sortKeys(keys: readonly KeyRecord[]): KeyRecord[] {
  const stateOrder: KeyState[] = ['active', 'expired', 'retired', 'revoked', 'destroyed'];
  const roleOrder: KeyRole[] = ['seal', 'sign', 'log'];
  return [...keys].sort(
    (a, b) =>
      stateOrder.indexOf(a.state) - stateOrder.indexOf(b.state) ||
      roleOrder.indexOf(a.role) - roleOrder.indexOf(b.role) ||
      b.createdAt - a.createdAt,
  );
}

export type KeyAct = 'rotate' | 'retire' | 'activate' | 'expire' | 'revoke' | 'export' | 'destroy';

/** Why an act is not possible for a key in its state; undefined when it is. */
export function whyNot(act: KeyAct, { role, state }: Pick<KeyRecord, 'role' | 'state'>): string | undefined {
  if (state === 'destroyed') return 'The private key is gone';
  switch (act) {
    case 'rotate':
    case 'expire':
      return state === 'active' || state === 'expired' ? undefined : `The key is ${state}`;
    case 'retire':
      if (state !== 'active' && state !== 'expired') return `The key is ${state}`;
      return role === 'seal' ? undefined : 'Something always has to sign: rotate it instead';
    case 'activate':
      if (state !== 'retired') return `The key is ${state}`;
      return role === 'seal' ? undefined : 'Another key has taken its place';
    case 'revoke':
      return state === 'revoked' ? 'The key is revoked' : undefined;
    case 'export':
    case 'destroy':
      return undefined;
  }
}
