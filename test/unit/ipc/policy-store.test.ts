import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import { expect, test } from 'vitest';
import { openPolicyStore } from '../../../electron/ipc/policy-store.ts';
import { defaultLimits } from '../../../shared/model/limits.ts';
import { temporaryFolder } from '../../support/folder.ts';

const own = { name: 'Lab', isBuiltIn: false, limits: defaultLimits, grants: [] };

test('what was saved is there after opening again', async () => {
  const folder = await temporaryFolder();
  const store = await openPolicyStore(folder);
  await store.save(own);
  await store.activate('Lab');
  const again = await openPolicyStore(folder);
  expect([again.active(), again.named('Lab')]).toEqual(['Lab', own]);
});

test('changes made at the same time are all kept', async () => {
  const folder = await temporaryFolder();
  const store = await openPolicyStore(folder);
  await Promise.all(['A', 'B', 'C'].map((name) => store.save({ ...own, name })));
  const names = (await openPolicyStore(folder)).policies().map(({ name }) => name);
  expect(names).toEqual(['Strict', 'Default', 'Generous', 'A', 'B', 'C']);
});

test('a built-in policy cannot be changed or removed', async () => {
  const store = await openPolicyStore(await temporaryFolder());
  await expect(store.save({ ...own, name: 'Strict' })).rejects.toMatchObject({ code: 'policy.read-only' });
  await expect(store.remove('Default')).rejects.toMatchObject({ code: 'policy.read-only' });
});

test('removing the active policy makes Default active', async () => {
  const store = await openPolicyStore(await temporaryFolder());
  await store.save(own);
  await store.activate('Lab');
  await store.remove('Lab');
  expect(store.active()).toBe('Default');
});

test('a file that cannot be understood opens nothing: its limits must not become others', async () => {
  const folder = await temporaryFolder();
  await writeFile(path.join(folder, 'policies.json'), '{"active":"Lab"');
  await expect(openPolicyStore(folder)).rejects.toMatchObject({ code: 'settings.invalid' });
});
