import { Archive, ArchiveRestore, Download } from 'lucide-react';
import { useState } from 'react';
import type { KeyRecord } from '../../../shared/model/key.ts';
import type { KeyId } from '../../../shared/model/scalars.ts';
import { Button } from '../../ui/Button.tsx';
import { Empty } from '../../ui/Empty.tsx';
import { Split } from '../../ui/Split.tsx';
import { BackupDialog } from './BackupDialog.tsx';
import { GenerateRow } from './GenerateRow.tsx';
import { ImportDialog } from './ImportDialog.tsx';
import { KeyDetail } from './KeyDetail.tsx';
import { KeyList } from './KeyList.tsx';
import styles from './panes.module.css';
import { RestoreDialog } from './RestoreDialog.tsx';

/** The user's own keys: make, take over, keep safe; the one in the route beside the list. */
export function OwnKeysPane(props: { keys: readonly KeyRecord[]; selected: KeyId | null; isLocked: boolean }) {
  const [dialog, setDialog] = useState<'import' | 'backup' | 'restore' | null>(null);
  const close = () => setDialog(null);
  const selected = props.keys.find((key) => key.keyId === props.selected);
  const list = (
    <div className={styles.pane}>
      <div className={styles.bar}>
        <GenerateRow />
        <div className={styles.acts}>
          <Button icon={Download} label="Take over a key from a file or text" onClick={() => setDialog('import')}>
            Import…
          </Button>
          <Button icon={Archive} label="All private keys in one file, sealed" onClick={() => setDialog('backup')}>
            Back up…
          </Button>
          <Button icon={ArchiveRestore} label="Take over the keys of a backup" onClick={() => setDialog('restore')}>
            Restore…
          </Button>
        </div>
      </div>
      <KeyList keys={props.keys} selected={props.selected} />
    </div>
  );
  return (
    <>
      {props.selected === null ? (
        list
      ) : (
        <Split
          label="Width of the list"
          startSize="46%"
          startMin="20rem"
          endMin="24rem"
          start={list}
          end={
            selected === undefined ? (
              <Empty title="There is no such key here">It may have been a contact that was removed.</Empty>
            ) : (
              <KeyDetail key={selected.keyId} record={selected} isLocked={props.isLocked} />
            )
          }
        />
      )}
      {!props.isLocked && dialog === 'import' && <ImportDialog onClose={close} />}
      {!props.isLocked && dialog === 'backup' && <BackupDialog keys={props.keys} onClose={close} />}
      {!props.isLocked && dialog === 'restore' && <RestoreDialog onClose={close} />}
    </>
  );
}
