import { describe, expect, test } from 'vitest';
import { openVault, type Vault } from '../../../../electron/vault/index.ts';
import { type KeyAct, sortKeys, whyNot } from '../../../../renderer/features/keys/describe.ts';
import { addMonths, readDay } from '../../../../renderer/features/keys/expiry.ts';
import { createSealingStore } from '../../../../renderer/features/keys/sealing-store.ts';
import { kindOf } from '../../../../renderer/features/keys/use-sealing.ts';
import { recipientsOf } from '../../../../renderer/ui/RecipientField.tsx';
import type { EventMessage } from '../../../../shared/contract/events.ts';
import type { Contact, KeyRecord, KeyState } from '../../../../shared/model/key.ts';
import { fail, ok, type Result } from '../../../../shared/result.ts';
import { temporaryFolder } from '../../../support/folder.ts';

type Opening = { vault: Vault; setNow: (ms: number) => void };
const NEW_PASSPHRASE = 'correct horse battery';

async function open(dir: string): Promise<Opening> {
  let now = Date.parse('2026-11-23T08:00:00Z');
  const vault = await openVault({ dir, clock: () => now });
  return { vault, setNow: (ms) => (now = ms) };
}

/** A fresh key of a role, brought into a state as the vault allows it; undefined where it does not. */
async function keyIn({ vault, setNow }: Opening, role: KeyRecord['role'], state: KeyState, now: number) {
  setNow(now);
  const { keyId, label } = await vault.keys.generate(role, `${role} ${state}`);
  if (state === 'retired') await vault.keys.rotate(keyId);
  if (state === 'revoked') await vault.keys.revoke(keyId);
  if (state === 'destroyed') await vault.keys.destroy(keyId, label);
  if (state === 'expired') {
    await vault.keys.expire(keyId, now + 1);
    setNow(now + 2);
  }
  return vault.keys.list().find((key) => key.keyId === keyId)!;
}

const acts: Record<KeyAct, (vault: Vault, key: KeyRecord) => Promise<unknown>> = {
  rotate: (vault, { keyId }) => vault.keys.rotate(keyId),
  retire: (vault, { keyId }) => vault.keys.retire(keyId),
  activate: (vault, { keyId }) => vault.keys.activate(keyId),
  expire: (vault, { keyId }) => vault.keys.expire(keyId, null),
  revoke: (vault, { keyId }) => vault.keys.revoke(keyId),
  export: (vault, { keyId }) => vault.keys.exportPrivate(keyId, NEW_PASSPHRASE),
  destroy: (vault, { keyId, label }) => vault.keys.destroy(keyId, label),
};
const combinations = (['seal', 'sign', 'log'] as const).flatMap((role) =>
  (['active', 'retired', 'expired', 'revoked', 'destroyed'] as const).map((state) => [role, state] as const),
);

test.each(combinations)('a %s key that is %s offers exactly the acts that the vault takes', async (role, state) => {
  const opening = await open(await temporaryFolder());
  let now = Date.parse('2026-11-23T08:00:00Z');
  const taken: KeyAct[] = [];
  const offered: KeyAct[] = [];
  for (const act of Object.keys(acts) as KeyAct[]) {
    now += 10;
    const key = await keyIn(opening, role, state, now);
    expect(key.state).toBe(state);
    if (whyNot(act, key) === undefined) offered.push(act);
    const isTaken = await acts[act](opening.vault, key).then(
      () => true,
      () => false,
    );
    if (isTaken) taken.push(act);
  }
  expect(offered).toEqual(taken);
  await opening.vault.close();
});

const key = (label: string, change: Partial<KeyRecord> = {}): KeyRecord => ({
  keyId: label.padEnd(64, '0') as KeyRecord['keyId'],
  role: 'seal',
  label,
  state: 'active',
  fingerprint: '',
  publicKey: '',
  createdAt: 1,
  changedAt: 1,
  expiresAt: null,
  origin: 'generated',
  uses: 0,
  lastUsedAt: null,
  ...change,
});

test('active keys come first, by role, then the newest', () => {
  const list = [
    key('old', { state: 'retired' }),
    key('log', { role: 'log' }),
    key('a'),
    key('b', { createdAt: 2 }),
    key('sign', { role: 'sign' }),
    key('gone', { state: 'destroyed', createdAt: 9 }),
  ];
  expect(sortKeys(list).map(({ label }) => label)).toEqual(['b', 'a', 'sign', 'log', 'old', 'gone']);
});

test('only active sealing keys and contacts to seal to are offered as recipients', () => {
  const contact = (name: string, role: Contact['role'], isVerified: boolean): Contact => ({
    keyId: name.padEnd(64, '1') as Contact['keyId'],
    role,
    name,
    fingerprint: '',
    publicKey: '',
    addedAt: 1,
    isVerified,
  });
  const keys = [key('mine'), key('old', { state: 'retired' }), key('signer', { role: 'sign' })];
  const contacts = [contact('ada', 'seal', true), contact('bob', 'seal', false), contact('eve', 'sign', true)];
  expect(recipientsOf(keys, contacts).map(({ name, note }) => `${name}: ${note}`)).toEqual([
    'mine: own key',
    'ada: contact',
    'bob: contact, not compared',
  ]);
});

describe('a day of expiry', () => {
  const now = new Date(2026, 10, 23, 9).getTime();

  test('is read as its last second', () => {
    expect(readDay(' 2027-3-1 ', now)).toEqual({ ok: true, value: new Date(2027, 2, 1, 23, 59, 59).getTime() });
    expect(readDay('2026-11-23', now)).toMatchObject({ ok: true });
  });

  test.each([
    ['', 'expected a day, as 2027-12-31'],
    ['tomorrow', 'expected a day, as 2027-12-31'],
    ['2027-02-29', 'there is no such day'],
    ['2027-13-01', 'there is no such day'],
    ['2026-11-22', 'expected a day to come'],
  ])('refuses %j', (text, error) => {
    expect(readDay(text, now)).toEqual({ ok: false, error });
  });

  test('so many months on is the last of the month where there is no such day', () => {
    expect(addMonths(new Date(2027, 0, 31).getTime(), 1)).toBe('2027-02-28');
    expect(addMonths(new Date(2026, 10, 23).getTime(), 24)).toBe('2028-11-23');
  });
});

test('a module is told by its first four bytes', () => {
  expect(kindOf(new Uint8Array([0, 0x61, 0x73, 0x6d, 1, 0, 0, 0]))).toBe('module');
  expect(kindOf(new Uint8Array([0, 0x61, 0x73]))).toBe('input');
  expect(kindOf(new TextEncoder().encode('asm'))).toBe('input');
});

describe('the sealing of a window', () => {
  const progressed = (job: string, doneBytes: number): EventMessage => ({
    seq: 1,
    ts: 1,
    name: 'sealing.progressed',
    data: { job, doneBytes, totalBytes: null },
  });
  const job = { id: 'a', act: 'seal', name: 'big.bin', totalBytes: 100, isStreamed: true } as const;

  test('tells its progress, and keeps the size it knew', async () => {
    const store = createSealingStore();
    let end: (result: Result<{ fileName: string; sizeBytes: number }>) => void = () => {};
    const done = store.getState().follow(job, new Promise((resolve) => (end = resolve)));
    store.getState().onEvent(progressed('a', 40));
    store.getState().onEvent(progressed('somebody else’s', 99));
    expect(store.getState().jobs).toEqual([{ ...job, doneBytes: 40, outcome: { kind: 'working' } }]);
    end(ok({ fileName: 'big.bin.sealed', sizeBytes: 132 }));
    await done;
    expect(store.getState().jobs[0]?.outcome).toEqual({
      kind: 'done',
      fileName: 'big.bin.sealed',
      sizeBytes: 132,
      bytes: null,
    });
  });

  test('keeps what was refused with its reason until it is taken off the list', async () => {
    const store = createSealingStore();
    await store.getState().follow(job, Promise.resolve(fail('vault.locked', 'the key store is locked')));
    expect(store.getState().jobs[0]?.outcome).toMatchObject({ kind: 'failed', failure: { code: 'vault.locked' } });
    store.getState().dismiss('a');
    expect(store.getState().jobs).toEqual([]);
  });
});
