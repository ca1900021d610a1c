import { FileKey2, Package, Save } from 'lucide-react';
import { useState } from 'react';
import type { RunId } from '../../../shared/model/scalars.ts';
import { useBridge } from '../../bridge/context.ts';
import { saveFile } from '../../lib/save-file.ts';
import { useAct } from '../../lib/use-act.ts';
import { Button } from '../../ui/Button.tsx';
import { FailureNotice } from '../../ui/Notice.tsx';
import { OpeningsDialog } from './OpeningsDialog.tsx';
import styles from './ReceiptsScreen.module.css';

/** Takes a receipt of this machine out: as its own file, as a Sigstore bundle, and the openings for those who may see. */
export function ReceiptExports(props: { runId: RunId; hasOpenings?: boolean }) {
  const { runId } = props;
  const { client } = useBridge();
  const { run, failure } = useAct();
  const [isOpening, setOpening] = useState(false);
  const save = async () => {
    const file = await run(() => client.receipts.get({ runId }));
    if (file !== undefined) saveFile(new Blob([file.text], { type: 'application/json' }), file.fileName);
  };
  const saveBundle = async () => {
    const file = await run(() => client.receipts.exportBundle({ runId }));
    if (file !== undefined) saveFile(new Blob([file.text], { type: 'application/json' }), file.fileName);
  };
  return (
    <>
      <div className={styles.links}>
        <Button icon={Save} label="The receipt with its proof of inclusion" onClick={() => void save()}>
          Save
        </Button>
        <Button icon={Package} label="For cosign and other tools of Sigstore" onClick={() => void saveBundle()}>
          Sigstore bundle
        </Button>
        {props.hasOpenings !== false && (
          <Button
            icon={FileKey2}
            label="Shows somebody that input and output are what the receipt commits to"
            onClick={() => setOpening(true)}
          >
            Openings…
          </Button>
        )}
      </div>
      {failure !== undefined && <FailureNotice failure={failure} notDone="Nothing was saved." />}
      {isOpening && <OpeningsDialog runId={runId} onClose={() => setOpening(false)} />}
    </>
  );
}
