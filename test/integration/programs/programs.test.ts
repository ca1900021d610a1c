import { describe, test } from 'vitest';
import { flite, perl, ruby } from './commands.ts';
import { lodepng, moduleLexer, quickjs, sha3, snappy, sqlite } from './libraries.ts';
import { runPlain } from './plain.ts';

const programs = [ruby, perl, flite, quickjs, sqlite, lodepng, snappy, sha3, moduleLexer];

describe.each(programs)('%o', (load) => {
  test('runs on the plain engine with what WASI gives it', async () => {
    const program = await load();
    program.check(runPlain(program));
  });
});
