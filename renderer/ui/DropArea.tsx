import { FolderOpen, type LucideIcon } from 'lucide-react';
import { type ReactNode, useRef, useState } from 'react';
import { chooseFiles } from '../lib/choose-files.ts';
import styles from './Area.module.css';
import { Button } from './Button.tsx';

/** A large place for files, dropped or chosen; they go here and are not opened as modules. */
export function DropArea(props: {
  icon: LucideIcon;
  title: string;
  children?: ReactNode;
  chooseLabel?: string;
  isMany?: boolean;
  isPrimary?: boolean;
  actions?: ReactNode;
  onFiles: (files: File[]) => void;
}) {
  const [isOver, setOver] = useState(false);
  const depth = useRef(0);
  const Icon = props.icon;
  const enter = (by: number) => {
    depth.current = Math.max(0, depth.current + by);
    setOver(depth.current > 0);
  };
  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: dropping is the pointer's way; the button inside is everyone's
    <div
      data-drop-slot
      data-over={isOver || undefined}
      className={styles.area}
      onDragEnter={() => enter(1)}
      onDragLeave={() => enter(-1)}
      onDrop={(event) => {
        depth.current = 0;
        setOver(false);
        const files = [...event.dataTransfer.files];
        if (files.length > 0) props.onFiles(props.isMany ? files : files.slice(0, 1));
      }}
    >
      <Icon size={24} strokeWidth={1.5} aria-hidden />
      <h2>{props.title}</h2>
      {props.children}
      <div className={styles.actions}>
        <Button
          icon={FolderOpen}
          kind={props.isPrimary ? 'primary' : 'plain'}
          onClick={() => chooseFiles({ isMany: props.isMany ?? false }, props.onFiles)}
        >
          {props.chooseLabel ?? 'Choose…'}
        </Button>
        {props.actions}
      </div>
    </div>
  );
}
