import { useCommandList } from '../lib/commands.ts';
import { Dialog } from '../ui/Dialog.tsx';
import { Keys } from '../ui/Keys.tsx';
import styles from './ShortcutSheet.module.css';

/** Every shortcut that works now, from the registry. */
export function ShortcutSheet(props: { isOpen: boolean; onClose: () => void }) {
  const commands = useCommandList().filter((command) => command.shortcut !== undefined);
  const groups = Map.groupBy(commands, (command) => command.group);
  return (
    <Dialog isOpen={props.isOpen} onClose={props.onClose} title="Keyboard shortcuts" size="wide">
      <div className={styles.groups}>
        {[...groups].map(([group, list]) => (
          <section key={group}>
            <h3>{group}</h3>
            <dl>
              {list.map((command) => (
                <div key={command.id} className={styles.row}>
                  <dt>{command.title}</dt>
                  <dd>{command.shortcut !== undefined && <Keys shortcut={command.shortcut} />}</dd>
                </div>
              ))}
            </dl>
          </section>
        ))}
      </div>
    </Dialog>
  );
}
