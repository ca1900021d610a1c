import { Tooltip } from '@base-ui/react/tooltip';
import type { ReactElement } from 'react';
import styles from './Hint.module.css';
import { Keys } from './Keys.tsx';

/** A tooltip around one element; shows the shortcut where there is one. */
export function Hint(props: { text: string; shortcut?: string | undefined; children: ReactElement }) {
  return (
    <Tooltip.Root>
      <Tooltip.Trigger render={props.children} />
      <Tooltip.Portal>
        <Tooltip.Positioner sideOffset={6} className={styles.positioner}>
          <Tooltip.Popup className={styles.popup}>
            {props.text}
            {props.shortcut !== undefined && <Keys shortcut={props.shortcut} />}
          </Tooltip.Popup>
        </Tooltip.Positioner>
      </Tooltip.Portal>
    </Tooltip.Root>
  );
}
