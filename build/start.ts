import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';

// `npm start`: the desktop window where Electron can run, the same window on loopback where it cannot.

const root = path.resolve(import.meta.dirname, '..');
const electronFolder = path.join(root, 'node_modules/electron');
const DOWNLOAD_MS = 20_000;

if (spawnSync(process.execPath, [path.join(root, 'build/build.ts')], { stdio: 'inherit' }).status !== 0)
  process.exit(1);
const electron = findElectron();
if (typeof electron === 'string') follow(spawn(electron, [root, ...process.argv.slice(2)], { stdio: 'inherit' }));
else {
  console.log(`${electron.reason}; serving the same window on this machine instead`);
  const args = [path.join(root, 'out/headless/cli.js'), 'serve', ...(hasDisplay() ? ['--open'] : [])];
  follow(spawn(process.execPath, [...args, ...process.argv.slice(2)], { stdio: 'inherit' }));
}

/** The path of Electron's binary, fetched if it takes no longer than 20 s; or why the window cannot open. */
function findElectron(): string | { reason: string } {
  if (!hasDisplay()) return { reason: 'there is no display for a window' };
  if (process.platform === 'linux' && process.getuid?.() === 0) {
    return { reason: "Electron's sandbox does not run as root" };
  }
  if (!existsSync(path.join(electronFolder, 'path.txt'))) {
    const install = [path.join(electronFolder, 'install.js')];
    spawnSync(process.execPath, install, { stdio: 'ignore', timeout: DOWNLOAD_MS, killSignal: 'SIGKILL' });
  }
  try {
    const binary = path.join(
      electronFolder,
      'dist',
      readFileSync(path.join(electronFolder, 'path.txt'), 'utf8').trim(),
    );
    return existsSync(binary) ? binary : { reason: "Electron's binary is not there" };
  } catch {
    return { reason: "Electron's binary is not there and could not be fetched within 20 s" };
  }
}

function hasDisplay(): boolean {
  if (process.platform !== 'linux') return true;
  return Boolean(process.env.DISPLAY || process.env.WAYLAND_DISPLAY);
}

/** Ends as the child ends. Ctrl-C reaches the child by itself; it decides what to do about it. */
function follow(child: ChildProcess): void {
  process.on('SIGINT', () => {});
  process.on('SIGTERM', () => void child.kill('SIGTERM'));
  child.on('error', (error) => {
    console.error(error.message);
    process.exit(1);
  });
  child.on('exit', (code) => process.exit(code ?? 1));
}
