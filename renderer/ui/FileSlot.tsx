import { FileInput, X } from 'lucide-react';
import { useState } from 'react';
import { formatBytes } from '../lib/format.ts';
import { Button } from './Button.tsx';
import styles from './FileSlot.module.css';

/** A place of its own for files: dropped here, they are bound here instead of opened as modules. */
export function FileSlot(props: {
  label: string;
  file: File | null;
  isMany?: boolean;
  onFiles: (files: File[]) => void;
  onClear?: () => void;
}) {
  const [isOver, setOver] = useState(false);
  const choose = () => {
    const input = document.createElement('input');
    input.type = 'file';
    input.multiple = props.isMany ?? false;
    input.onchange = () => props.onFiles([...(input.files ?? [])]);
    input.click();
  };
  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: dropping is the pointer's way; the button inside is everyone's
    <div
      data-drop-slot
      data-over={isOver || undefined}
      className={styles.slot}
      onDragEnter={() => setOver(true)}
      onDragLeave={() => setOver(false)}
      onDrop={(event) => {
        setOver(false);
        props.onFiles([...event.dataTransfer.files]);
      }}
    >
      <FileInput size={15} aria-hidden />
      {props.file === null ? (
        <span>{props.label}: drop here</span>
      ) : (
        <span className={styles.name}>
          <bdi>{props.file.name}</bdi> <code>{formatBytes(props.file.size)}</code>
        </span>
      )}
      {props.file !== null && props.onClear !== undefined ? (
        <Button kind="quiet" icon={X} label={`Remove ${props.file.name}`} onClick={props.onClear} />
      ) : (
        <Button kind="quiet" onClick={choose}>
          Choose…
        </Button>
      )}
    </div>
  );
}
