import { expect, test } from 'vitest';
import { type CallName, callNames, createClient, findCall } from '../../../shared/contract/index.ts';
import { defaultLimits, limitError, limitSpecs } from '../../../shared/model/limits.ts';
import { bytes } from '../../../shared/model/scalars.ts';

test('the client sends every call under its own name', async () => {
  const sent: string[] = [];
  const client = createClient({
    invoke: async (name) => {
      sent.push(name);
      return { ok: true, value: {} };
    },
    subscribe: () => () => {},
  });
  const rooms = client as unknown as Record<string, Record<string, (input: unknown) => Promise<unknown>>>;
  for (const name of callNames) {
    const [room, verb] = name.split('.') as [string, string];
    await rooms[room]?.[verb]?.({});
  }
  expect(sent).toEqual(callNames);
});

test('a hostile call name finds nothing', () => {
  for (const name of [
    '',
    'modules',
    'modules.',
    'modules.load.x',
    '__proto__.toString',
    'modules.constructor',
    'constructor.name',
  ]) {
    expect(findCall(name)).toBeUndefined();
  }
  expect(findCall('modules.load' satisfies CallName)?.scope).toBe('run');
});

test('bytes are read from base64 and from arrays alike', () => {
  expect(bytes.parse('AQID')).toEqual(new Uint8Array([1, 2, 3]));
  expect(bytes.parse(new Uint8Array([1, 2, 3]))).toEqual(new Uint8Array([1, 2, 3]));
  expect(bytes.safeParse('!').success).toBe(false);
});

test('the default limits are those of the table and inside their ranges', () => {
  expect(limitError(defaultLimits)).toBeUndefined();
  for (const [name, spec] of Object.entries(limitSpecs)) {
    const value = defaultLimits[name as keyof typeof defaultLimits];
    expect([name, value === null ? null : BigInt(value)]).toEqual([name, spec.initial]);
  }
});

test('a limit one outside its range is named with the range', () => {
  expect(limitError({ memoryBytes: 65535 })).toEqual({
    name: 'memoryBytes',
    message: 'memory limit must be 65536 to 4294967296 bytes',
  });
  expect(limitError({ memoryBytes: 65536 })).toBeUndefined();
  expect(limitError({ fuel: '9223372036854775809' })?.name).toBe('fuel');
});
