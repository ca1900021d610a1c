import { ChevronLeft, ChevronRight, FolderOpen, Search } from 'lucide-react';
import { useCommandList } from '../lib/commands.ts';
import { Button } from '../ui/Button.tsx';
import { Keys } from '../ui/Keys.tsx';
import styles from './TopBar.module.css';

export function TopBar() {
  const commands = useCommandList();
  const run = (id: string) => commands.find((command) => command.id === id)?.run();
  return (
    <header className={styles.bar}>
      <span className={styles.mark}>
        <svg width="18" height="18" viewBox="0 0 18 18" aria-hidden="true">
          <path d="M2 2h14v14H2z" fill="none" stroke="currentColor" strokeWidth="1.6" />
          <path d="M5 12V9M8 12V5M11 12V8M14 12V6" stroke="currentColor" strokeWidth="1.6" />
        </svg>
        Glovebox
      </span>
      <div className={styles.history}>
        <Button kind="quiet" icon={ChevronLeft} label="Back" shortcut="Alt+ArrowLeft" onClick={() => run('go.back')} />
        <Button
          kind="quiet"
          icon={ChevronRight}
          label="Forward"
          shortcut="Alt+ArrowRight"
          onClick={() => run('go.forward')}
        />
      </div>
      <button type="button" className={styles.search} onClick={() => run('palette.open')}>
        <Search size={14} aria-hidden />
        <span>Search modules, runs and commands</span>
        <Keys shortcut="Mod+K" />
      </button>
      <Button icon={FolderOpen} shortcut="Mod+O" label="Open wasm files to inspect" onClick={() => run('modules.open')}>
        Open…
      </Button>
    </header>
  );
}
