import { useKeyCommands } from '../features/keys/use-key-commands.ts';
import { useModuleActions } from '../features/modules/use-module-actions.ts';
import { readAppearance, saveAppearance } from '../lib/appearance.ts';
import { useCommands } from '../lib/commands.ts';
import { navigate } from '../lib/hash-route.ts';
import { screens } from './screens.ts';

/** The commands that are there on every screen. */
export function useShellCommands(shell: { openPalette: () => void; openShortcuts: () => void }): void {
  const { openDialog } = useModuleActions();
  useKeyCommands();
  useCommands([
    {
      id: 'palette.open',
      title: 'Open command palette',
      group: 'Window',
      shortcut: 'Mod+K',
      aliases: ['Mod+Shift+P'],
      run: shell.openPalette,
    },
    {
      id: 'shortcuts.open',
      title: 'Show keyboard shortcuts',
      group: 'Window',
      shortcut: 'Shift+?',
      run: shell.openShortcuts,
    },
    {
      id: 'modules.open',
      title: 'Open wasm files…',
      group: 'Modules',
      shortcut: 'Mod+O',
      keywords: 'load inspect file',
      run: openDialog,
    },
    {
      id: 'go.back',
      title: 'Go back',
      group: 'Go to',
      shortcut: 'Alt+ArrowLeft',
      aliases: ['Mod+BracketLeft'],
      run: () => history.back(),
    },
    {
      id: 'go.forward',
      title: 'Go forward',
      group: 'Go to',
      shortcut: 'Alt+ArrowRight',
      aliases: ['Mod+BracketRight'],
      run: () => history.forward(),
    },
    ...screens.map((screen) => ({
      id: `go.${screen.path.slice(1)}`,
      title: `Go to ${screen.title}`,
      group: 'Go to',
      shortcut: screen.shortcut,
      run: () => navigate(screen.path),
    })),
    ...(['system', 'light', 'dark'] as const).map((theme) => ({
      id: `theme.${theme}`,
      title: theme === 'system' ? 'Follow the system’s appearance' : `Use the ${theme} appearance`,
      group: 'Window',
      keywords: 'theme colour color mode',
      run: () => saveAppearance({ ...readAppearance(), theme }),
    })),
  ]);
}
