import { expect, test } from 'vitest';
import { formatLimit, readLimit } from '../../../../renderer/lib/limit-text.ts';

test('a limit is read with its unit and held against its range', () => {
  expect(readLimit('memoryBytes', '128 MiB')).toEqual({ ok: true, value: 134_217_728 });
  expect(readLimit('memoryBytes', '1 KiB')).toEqual({ ok: false, error: 'expected 64 KiB to 4 GiB' });
  expect(readLimit('timeMs', '2 s')).toEqual({ ok: true, value: 2000 });
  expect(readLimit('timeMs', '9 ms')).toEqual({ ok: false, error: 'expected 10 ms to 5 min' });
  expect(readLimit('fuel', '9,223,372,036,854,775,808')).toEqual({ ok: true, value: '9223372036854775808' });
  expect(readLimit('fuel', '9223372036854775809').ok).toBe(false);
  expect(readLimit('fuel', 'none')).toEqual({ ok: true, value: null });
  expect(readLimit('instances', 'ten')).toEqual({ ok: false, error: 'expected a whole number' });
});

test('a limit is shown with its unit', () => {
  expect([
    formatLimit('memoryBytes', 67_108_864),
    formatLimit('timeMs', 10_000),
    formatLimit('fuel', null),
    formatLimit('functions', 200_000),
  ]).toEqual(['64 MiB', '10 s', 'none', '200,000']);
});
