import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import path from 'node:path';

/** What the bundles are built for. */
const WANTED_MAJOR = 24;

/**
 * Goes on under the Node that the package brings, where the one that started this is too old; a message where there is
 * none. Does not return in either case.
 */
export function ensureNode(): void {
  const major = Number(process.versions.node.split('.')[0]);
  if (major >= WANTED_MAJOR) return;
  const name = process.platform === 'win32' ? 'node.exe' : 'node';
  const own = path.resolve(import.meta.dirname, '../../node_modules/node/bin', name);
  if (!existsSync(own)) {
    process.stderr.write(`glovebox: needs Node.js ${WANTED_MAJOR} or newer, this is ${process.versions.node}\n`);
    process.exit(1);
  }
  const { status, signal } = spawnSync(own, process.argv.slice(1), { stdio: 'inherit' });
  process.exit(status ?? (signal === 'SIGINT' ? 130 : 1));
}
