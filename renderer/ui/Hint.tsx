import { Tooltip } from '@base-ui/react/tooltip';
import { type ReactElement, useState } from 'react';
import styles from './Hint.module.css';
import { Keys } from './Keys.tsx';

const LANDMARKS = '[role="dialog"], main, nav, header, footer';

/** A tooltip around one element; shows the shortcut where there is one. It lives in the landmark that it belongs to. */
export function Hint(props: { text: string; shortcut?: string | undefined; children: ReactElement }) {
  const [container, setContainer] = useState<HTMLElement | null>(null);
  return (
    <Tooltip.Root
      onOpenChange={(isOpen, { trigger }) => {
        if (isOpen) setContainer(trigger?.closest<HTMLElement>(LANDMARKS) ?? null);
      }}
    >
      <Tooltip.Trigger render={props.children} />
      <Tooltip.Portal {...(container === null ? {} : { container })}>
        <Tooltip.Positioner sideOffset={6} positionMethod="fixed" className={styles.positioner}>
          <Tooltip.Popup className={styles.popup}>
            {props.text}
            {props.shortcut !== undefined && <Keys shortcut={props.shortcut} />}
          </Tooltip.Popup>
        </Tooltip.Positioner>
      </Tooltip.Portal>
    </Tooltip.Root>
  );
}
