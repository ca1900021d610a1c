import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { findBrowser, installBrowser } from './support/browser.ts';

// `npm test`: checks types and style, builds, finds a browser, runs every set of tests and says on its last line how many of them did what.

const root = path.resolve(import.meta.dirname, '..');
const NODE_MAJOR = 26;

type Counts = { passed: number; failed: number; skipped: number };
type JsonReport = {
  readonly numPassedTests: number;
  readonly numFailedTests: number;
  readonly numPendingTests: number;
  readonly numTodoTests: number;
  readonly testResults: readonly { readonly status: string; readonly assertionResults: readonly unknown[] }[];
};

const major = Number(process.versions.node.split('.')[0]);
if (major < NODE_MAJOR) {
  console.error(
    `the tests want Node.js ${NODE_MAJOR}, this is ${process.versions.node}: use "npm test", which brings its own`,
  );
  process.exit(1);
}
run('typecheck', process.execPath, [path.join(root, 'node_modules/typescript/bin/tsc'), '-b']);
run('lint', process.execPath, [path.join(root, 'node_modules/@biomejs/biome/bin/biome'), 'check', '.']);
run('build', process.execPath, [path.join(root, 'build/build.ts')]);
const browser = findBrowser() ?? installBrowser();
if (browser === undefined)
  console.error('no Chromium could be found or installed: the tests that need one are skipped');
else console.log(`browser: ${browser}`);

// The browser's tests have the machine to themselves: they look at a real page in real time.
const total: Counts = { passed: 0, failed: 0, skipped: 0 };
for (const projects of [['unit', 'integration', 'fuzz'], ['e2e']]) {
  const counts = runProjects(projects);
  for (const key of ['passed', 'failed', 'skipped'] as const) total[key] += counts[key];
}
console.log(`\n${total.passed} passed, ${total.failed} failed, ${total.skipped} skipped`);
process.exit(total.failed === 0 && total.passed > 0 ? 0 : 1);

function run(what: string, command: string, args: string[]): void {
  const { status } = spawnSync(command, args, { cwd: root, stdio: 'inherit' });
  if (status === 0) return;
  console.error(`${what} failed`);
  process.exit(1);
}

/** Runs some of vitest's projects and counts. A file that did not load and an error outside of any test count as failed. */
function runProjects(projects: readonly string[]): Counts {
  const folder = mkdtempSync(path.join(tmpdir(), 'glovebox-report-'));
  const report = path.join(folder, 'report.json');
  try {
    const { status } = spawnSync(
      process.execPath,
      [
        path.join(root, 'node_modules/vitest/vitest.mjs'),
        'run',
        ...projects.flatMap((project) => ['--project', project]),
        '--passWithNoTests',
        '--reporter=default',
        '--reporter=json',
        `--outputFile.json=${report}`,
      ],
      {
        cwd: root,
        stdio: 'inherit',
        env: { ...process.env, ...(browser === undefined ? {} : { CHROMIUM_PATH: browser }) },
      },
    );
    const json = JSON.parse(readFileSync(report, 'utf8')) as JsonReport;
    const unloaded = json.testResults.filter((file) => file.status === 'failed' && file.assertionResults.length === 0);
    const failed = json.numFailedTests + unloaded.length;
    return {
      passed: json.numPassedTests,
      failed: failed === 0 && status !== 0 ? 1 : failed,
      skipped: json.numPendingTests + json.numTodoTests,
    };
  } catch (error) {
    console.error(`${projects.join(', ')}: no report (${error instanceof Error ? error.message : String(error)})`);
    return { passed: 0, failed: 1, skipped: 0 };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
