import { Download } from 'lucide-react';
import type { RunItem, RunRecord } from '../../../shared/model/run.ts';
import { formatBytes } from '../../lib/format.ts';
import { saveFile } from '../../lib/save-file.ts';
import { Button } from '../../ui/Button.tsx';
import styles from './FilesPane.module.css';

/** What the guest left in its folders. */
export function FilesPane(props: { run: RunRecord; items: readonly RunItem[] | undefined }) {
  const contents = new Map(props.items?.flatMap((item) => item.files.map((file) => [file.path, file.content])));
  return (
    <ul className={styles.files}>
      {props.run.files.map((file) => {
        const content = contents.get(file.path);
        return (
          <li key={file.path}>
            <code>{file.path}</code>
            <span>{formatBytes(file.sizeBytes)}</span>
            <Button
              kind="quiet"
              icon={Download}
              label={`Save ${file.path}`}
              isDisabled={content === undefined}
              onClick={() =>
                content !== undefined && saveFile(new Blob([content.slice()]), file.path.split('/').at(-1) ?? 'file')
              }
            />
          </li>
        );
      })}
    </ul>
  );
}
