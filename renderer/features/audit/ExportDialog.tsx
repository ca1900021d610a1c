import { Download } from 'lucide-react';
import { useRef, useState } from 'react';
import type { AuditExportSelection } from '../../../shared/contract/audit.ts';
import type { Failure } from '../../../shared/result.ts';
import { useBridge } from '../../bridge/context.ts';
import { formatBytes, formatCount } from '../../lib/format.ts';
import { saveFile } from '../../lib/save-file.ts';
import { Button } from '../../ui/Button.tsx';
import { Choice } from '../../ui/Choice.tsx';
import { Dialog } from '../../ui/Dialog.tsx';
import { FailureNotice } from '../../ui/Notice.tsx';
import styles from './ExportDialog.module.css';
import { readExport } from './read-export.ts';

/** Writes entries with a signed checkpoint and proofs to a file that can be checked without the rest of the log. */
export function ExportDialog(props: {
  filter: string;
  matched: number;
  total: number;
  selected: number | null;
  onClose: () => void;
}) {
  const { client } = useBridge();
  const [kind, setKind] = useState(props.filter === '' ? 'all' : 'matches');
  const [bytes, setBytes] = useState<number | null>(null);
  const [failure, setFailure] = useState<Failure>();
  const stop = useRef(false);
  const options = [
    { value: 'all', label: 'The whole log', note: `${formatCount(props.total)} entries` },
    { value: 'matches', label: 'What the filter matches', note: `${formatCount(props.matched)} entries` },
    ...(props.selected === null
      ? []
      : [{ value: 'one', label: 'The chosen entry', note: `entry ${formatCount(props.selected)}` }]),
  ];
  const save = async () => {
    stop.current = false;
    setFailure(undefined);
    setBytes(0);
    const exported = await readExport(client, selectionOf(kind, props), setBytes, () => stop.current);
    setBytes(null);
    if (!exported.ok) return setFailure(exported.error);
    if (exported.value === null) return;
    saveFile(exported.value, `glovebox-log-${kind}.ndjson`);
    props.onClose();
  };
  const isBusy = bytes !== null;
  const close = () => {
    stop.current = true;
    props.onClose();
  };
  return (
    <Dialog
      isOpen
      onClose={close}
      title="Export entries"
      description="JSON lines: a signed checkpoint, then each entry with its proof. Whoever gets the file can check it without this log."
      actions={
        <>
          <Button onClick={close}>Cancel</Button>
          <Button kind="primary" icon={Download} isDisabled={isBusy} onClick={() => void save()}>
            Export
          </Button>
        </>
      }
    >
      <div className={styles.body}>
        <Choice label="Entries" value={kind} groups={[{ label: '', options }]} isDisabled={isBusy} onChange={setKind} />
        {isBusy && <p role="status">{formatBytes(bytes)} so far</p>}
        {failure !== undefined && <FailureNotice failure={failure} notDone="No file was written." />}
      </div>
    </Dialog>
  );
}

function selectionOf(kind: string, props: { filter: string; selected: number | null }): AuditExportSelection {
  if (kind === 'matches') return { kind: 'matches', filter: props.filter };
  if (kind === 'one' && props.selected !== null)
    return { kind: 'range', fromSeq: props.selected, toSeq: props.selected };
  return { kind: 'all' };
}
