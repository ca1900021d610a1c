import fc from 'fast-check';
import { expect, test } from 'vitest';
import { OutputStore } from '../../../electron/hypervisor/output-store.ts';

test('any range of what came in chunks is what it would be of the whole', () => {
  const chunks = fc.array(fc.uint8Array({ maxLength: 20 }), { maxLength: 20 });
  fc.assert(
    fc.property(chunks, fc.nat(300), fc.nat(300), (parts, offset, length) => {
      const store = new OutputStore();
      for (const part of parts) store.append(part);
      const whole = Uint8Array.from(parts.flatMap((part) => [...part]));
      expect(store.read(offset, length)).toEqual(whole.slice(offset, offset + length));
      expect(store.totalBytes).toBe(whole.length);
    }),
  );
});
