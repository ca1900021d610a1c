import { execFile } from 'node:child_process';
import { readdir, readFile } from 'node:fs/promises';
import { builtinModules } from 'node:module';
import path from 'node:path';
import { promisify } from 'node:util';
import { describe, expect, test } from 'vitest';
import { callNames } from '../../../shared/contract/index.ts';
import { isBuilt } from '../../support/served-app.ts';

const out = path.resolve(import.meta.dirname, '../../../out');
const built = (name: string) => readFile(path.join(out, name), 'utf8');

/** What a bundle imports or requires by name. */
function namesIn(text: string): string[] {
  const found = text.matchAll(
    /^import\b[^;'"]*?(?:from\s*)?["']([^"']+)["']|\b(?:require|import)\(["']([^"']+)["']\)/gm,
  );
  return [...new Set([...found].map((match) => match[1] ?? match[2]!))];
}

describe.skipIf(!isBuilt)('what the build makes', () => {
  test('the preload is one short file that needs nothing but electron and knows every call', async () => {
    const text = await built('preload/index.cjs');
    expect(namesIn(text)).toEqual(['electron']);
    const lines = (await readFile(path.resolve(out, '../electron/preload/index.ts'), 'utf8')).split('\n');
    expect(lines.length).toBeLessThanOrEqual(60);
    expect(callNames.filter((name) => !text.includes(`"${name}"`))).toEqual([]);
    expect(text).not.toContain('CALL_NAMES');
  });

  test('the command line is a file that can be run by its name', async () => {
    const { stdout } = await promisify(execFile)(path.join(out, 'headless/cli.js'), ['help']);
    expect(stdout).toContain('usage: glovebox');
  });

  test('a guest has nothing to import but what Node itself has', async () => {
    const names = await Promise.all(
      ['guest/process.mjs', 'guest/worker.mjs'].map(async (name) => namesIn(await built(name))),
    );
    const foreign = names.flat().filter((name) => !builtinModules.includes(name.replace(/^node:/, '')));
    expect(foreign).toEqual([]);
    expect(await readdir(path.join(out, 'guest'))).toEqual(['process.mjs', 'worker.mjs']);
  });

  test('the window has no script, style or address that its policy would refuse', async () => {
    const html = await built('renderer/index.html');
    expect(html).not.toMatch(/<script(?![^>]*\bsrc=)|<style|\son[a-z]+=|https?:\/\//i);
  });

  test('nothing built carries sources, maps or paths of the machine it was built on', async () => {
    const files = await readdir(out, { recursive: true, withFileTypes: true });
    const names = files.filter((file) => file.isFile()).map((file) => path.join(file.parentPath, file.name));
    expect(names.filter((name) => /\.(map|ts|tsx|wat)$/.test(name))).toEqual([]);
    const home = path.resolve(out, '..');
    const leaking = [];
    for (const name of names) if ((await readFile(name)).includes(home)) leaking.push(path.relative(out, name));
    expect(leaking).toEqual([]);
  });
});
