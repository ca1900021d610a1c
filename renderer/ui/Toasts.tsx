import { Toast } from '@base-ui/react/toast';
import { X } from 'lucide-react';
import { Button } from './Button.tsx';
import styles from './Toasts.module.css';

/** Toasts tell only of finished background work, and offer undo. */
export const toasts = Toast.createToastManager();

const ACTION_MS = 10_000;

/** Says what was done at once, with ten seconds to take it back. */
export function toastUndo(title: string, undo: () => void): void {
  toastAction(title, 'Undo', undo);
}

/** Says something with one thing to do about it, for ten seconds. */
export function toastAction(title: string, label: string, act: () => void): void {
  const id = toasts.add({
    title,
    timeout: ACTION_MS,
    actionProps: {
      children: label,
      onClick: () => {
        act();
        toasts.close(id);
      },
    },
  });
}

/** Says that something in the background is done. */
export function toastDone(title: string, description?: string): void {
  toasts.add(description === undefined ? { title } : { title, description });
}

export function Toaster() {
  return (
    <Toast.Provider toastManager={toasts} limit={3}>
      <Toast.Portal>
        <Toast.Viewport className={styles.viewport}>
          <ToastList />
        </Toast.Viewport>
      </Toast.Portal>
    </Toast.Provider>
  );
}

function ToastList() {
  const { toasts: list } = Toast.useToastManager();
  return list.map((toast) => (
    <Toast.Root key={toast.id} toast={toast} className={styles.toast} swipeDirection={[]}>
      <Toast.Content className={styles.content}>
        <div className={styles.text}>
          <Toast.Title className={styles.title} render={<p />} />
          <Toast.Description className={styles.description} />
        </div>
        {toast.actionProps !== undefined && <Toast.Action className={styles.action} />}
        <Toast.Close render={<Button kind="quiet" icon={X} label="Dismiss" />} />
      </Toast.Content>
    </Toast.Root>
  ));
}
