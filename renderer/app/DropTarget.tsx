import { type ReactNode, useEffect, useRef, useState } from 'react';
import { useModuleActions } from '../features/modules/use-module-actions.ts';
import styles from './DropTarget.module.css';

const isFiles = (event: DragEvent) => event.dataTransfer?.types.includes('Files') ?? false;
const slotOf = (event: DragEvent) =>
  event.target instanceof Element ? event.target.closest('[data-drop-slot]') : null;

/** The whole window takes files. A slot that is marked `data-drop-slot` takes its own. */
export function DropTarget(props: { children: ReactNode }) {
  const [isOver, setOver] = useState(false);
  const depth = useRef(0);
  const { addFiles } = useModuleActions();
  const add = useRef(addFiles);
  add.current = addFiles;

  useEffect(() => {
    // Children fire their own enter and leave: only the count tells when the pointer has left the window.
    const move = (by: number) => (event: DragEvent) => {
      if (!isFiles(event)) return;
      event.preventDefault();
      depth.current = Math.max(0, depth.current + by);
      setOver(depth.current > 0);
    };
    const onOver = (event: DragEvent) => {
      if (!isFiles(event)) return;
      event.preventDefault();
      if (event.dataTransfer !== null) event.dataTransfer.dropEffect = 'copy';
    };
    const onDrop = (event: DragEvent) => {
      event.preventDefault();
      depth.current = 0;
      setOver(false);
      if (slotOf(event) === null && event.dataTransfer !== null) add.current([...event.dataTransfer.files]);
    };
    const [onEnter, onLeave] = [move(1), move(-1)];
    window.addEventListener('dragenter', onEnter);
    window.addEventListener('dragleave', onLeave);
    window.addEventListener('dragover', onOver);
    window.addEventListener('drop', onDrop);
    return () => {
      window.removeEventListener('dragenter', onEnter);
      window.removeEventListener('dragleave', onLeave);
      window.removeEventListener('dragover', onOver);
      window.removeEventListener('drop', onDrop);
    };
  }, []);

  return (
    <div data-dragging={isOver || undefined}>
      {props.children}
      {isOver && (
        <div className={styles.overlay} aria-hidden="true">
          <p>
            <b>Drop to inspect</b>
            <span>nothing is executed</span>
          </p>
        </div>
      )}
    </div>
  );
}
