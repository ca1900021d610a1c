import { execFileSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, realpathSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';

type Outcome = { line: number; type: string; ok?: boolean; kind?: boolean; skip?: string; msg?: string };
type Run = { files: { feature: string; file: string; results: Outcome[] | null; crashed?: string }[] };

const root = resolve(import.meta.dirname, '../../..');
const suite = resolve(root, '../shared/spec-suite');
const transform = join(import.meta.dirname, 'spec-transform.ts');
const folder = mkdtempSync(join(tmpdir(), 'spec-suite-'));
let plain: Run;

function run(name: string, environment: Record<string, string> | null): Run {
  const out = join(folder, `${name}.json`);
  const args = environment === null ? [] : ['--transform', transform];
  execFileSync(process.execPath, [realpathSync(join(suite, 'run.mjs')), '--out', out, ...args], {
    env: { ...process.env, ...environment },
    stdio: ['ignore', 'ignore', 'pipe'],
    maxBuffer: 1 << 28,
  });
  return JSON.parse(readFileSync(out, 'utf8')) as Run;
}

/** Every assertion that the plain engine passes and `metered` does not, or passes by another trap. */
function losses(metered: Run): string[] {
  return plain.files.flatMap((file, i) => {
    const other = metered.files[i]!;
    if (other.results === null) return [`${other.feature}/${other.file}: ${other.crashed}`];
    return (file.results ?? []).flatMap((before, j) => {
      const after = other.results![j]!;
      if (before.ok !== true || (after.ok === true && after.kind === before.kind)) return [];
      return [`${file.feature}/${file.file}:${before.line} ${before.type}: ${after.msg ?? 'another trap'}`];
    });
  });
}

// The suite lies beside the repository, not in it; without it these tests are reported as skipped.
describe.skipIf(!existsSync(suite))('the WebAssembly specification suite', () => {
  beforeAll(() => {
    plain = run('plain', null);
  }, 300_000);
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  test('passes plain as its notes say', () => {
    const passes = plain.files.flatMap((file) => (file.results ?? []).filter((each) => each.ok === true));
    expect(passes.length).toBeGreaterThan(64_000);
  });

  test.each([
    ['in the simple form', { GLOVEBOX_METER_FORM: 'simple' }],
    ['in the fast form', { GLOVEBOX_METER_FORM: 'fast' }],
  ])(
    'passes metered %s, assertion by assertion',
    (name, environment) => {
      expect(losses(run(name, environment))).toEqual([]);
    },
    300_000,
  );
});
