import { homedir } from 'node:os';
import path from 'node:path';

/** The platform's place for what an app keeps, where neither `--data` nor `GLOVEBOX_DATA` names another. */
export function defaultDataFolder(
  env: Readonly<Record<string, string | undefined>>,
  platform = process.platform,
): string {
  const home = homedir();
  if (platform === 'darwin') return path.join(home, 'Library/Application Support/Glovebox');
  if (platform === 'win32') return path.join(env.APPDATA ?? path.join(home, 'AppData/Roaming'), 'Glovebox');
  const shared = env.XDG_DATA_HOME;
  // The base directory specification: a relative path there is to be ignored.
  return path.join(
    shared !== undefined && path.isAbsolute(shared) ? shared : path.join(home, '.local/share'),
    'glovebox',
  );
}
