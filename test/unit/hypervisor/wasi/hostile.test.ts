import fc from 'fast-check';
import { expect, test } from 'vitest';
import { wasiFunctionNames, wasiFunctions } from '../../../../shared/model/wasi-functions.ts';
import { FileGuest, GuestStopped } from '../../../support/wasi-guest.ts';

const word = fc.oneof(
  fc.constantFrom(
    0,
    1,
    2,
    3,
    4,
    8,
    16,
    64,
    255,
    1024,
    65535,
    65536,
    262_140,
    262_144,
    -1,
    -8,
    0x7fff_ffff,
    -0x8000_0000,
  ),
  fc.integer({ min: 0, max: 262_144 }),
);
const wide = fc.oneof(
  fc.constantFrom(0n, 1n, -1n, 1n << 31n, 1n << 32n, 1n << 53n, (1n << 63n) - 1n, -(1n << 63n)),
  fc.bigInt({ min: 0n, max: 5000n }),
);
const names = wasiFunctionNames.filter((name) => name !== 'proc_exit');
const call = fc
  .constantFrom(...names)
  .chain((name) =>
    fc.tuple(
      fc.constant(name),
      fc.tuple(...[...wasiFunctions[name].params].map((letter) => (letter === 'I' ? wide : word))),
    ),
  );

test('whatever a guest passes, it gets an error number and nothing breaks', () => {
  fc.assert(
    fc.property(fc.array(call, { minLength: 1, maxLength: 30 }), fc.uint8Array({ maxLength: 2000 }), (calls, noise) => {
      let asked = 0;
      const guest = new FileGuest({
        stdin: noise,
        limits: { fileBytes: 1 << 20, fileEntries: 50, descriptors: 20 },
        ports: {
          writeOut: () => {},
          checkpoint() {
            if (++asked > 20_000) throw new GuestStopped('deadline');
          },
        },
      });
      guest.create('file', 'content');
      guest.mkdir('dir');
      guest.symlink('dir', 'link');
      new Uint8Array(guest.memory.buffer).set(noise, 8);
      new Uint8Array(guest.memory.buffer).set(new TextEncoder().encode('dir/../link/file'), 65_536);
      try {
        for (const [name, args] of calls)
          expect(guest.call(name, ...(args as (number | bigint)[]))).toEqual(expect.any(String));
        for (const { path, content } of guest.wasi.files())
          expect([path[0], content.length <= 1 << 20]).toEqual(['/', true]);
      } catch (error) {
        if (!(error instanceof GuestStopped)) throw error;
      }
    }),
    { numRuns: 300 },
  );
});
