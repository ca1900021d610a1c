import { Dialog as BaseDialog } from '@base-ui/react/dialog';
import clsx from 'clsx';
import { X } from 'lucide-react';
import type { ReactNode, RefObject } from 'react';
import { Button } from './Button.tsx';
import styles from './Dialog.module.css';

/** A modal dialog with a title, its content and its actions at the end. */
export function Dialog(props: {
  isOpen: boolean;
  onClose: () => void;
  title: string;
  description?: ReactNode;
  children?: ReactNode;
  actions?: ReactNode;
  size?: 'small' | 'wide';
  /** what has the focus when it opens; else its first control */
  focusRef?: RefObject<HTMLElement | null>;
}) {
  return (
    <BaseDialog.Root
      open={props.isOpen}
      onOpenChange={(isOpen) => {
        if (!isOpen) props.onClose();
      }}
    >
      <BaseDialog.Portal>
        <BaseDialog.Backdrop className={styles.backdrop} />
        <BaseDialog.Popup
          className={clsx(styles.popup, props.size === 'wide' && styles.wide)}
          {...(props.focusRef === undefined ? {} : { initialFocus: props.focusRef })}
        >
          <header className={styles.head}>
            <BaseDialog.Title className={styles.title}>{props.title}</BaseDialog.Title>
            <Button kind="quiet" icon={X} label="Close" onClick={props.onClose} />
          </header>
          {props.description !== undefined && (
            <BaseDialog.Description className={styles.description} render={<div />}>
              {props.description}
            </BaseDialog.Description>
          )}
          <div className={styles.body}>{props.children}</div>
          {props.actions !== undefined && <footer className={styles.foot}>{props.actions}</footer>}
        </BaseDialog.Popup>
      </BaseDialog.Portal>
    </BaseDialog.Root>
  );
}
