import { ClipboardPaste, FileCheck2 } from 'lucide-react';
import { useEffect, useState } from 'react';
import type { RunId } from '../../../shared/model/scalars.ts';
import { useBridge } from '../../bridge/context.ts';
import { useAct } from '../../lib/use-act.ts';
import { Button } from '../../ui/Button.tsx';
import { DropArea } from '../../ui/DropArea.tsx';
import { FailureNotice } from '../../ui/Notice.tsx';
import { CheckedView } from './CheckedView.tsx';
import { useReceiptStore } from './context.ts';
import { PasteDialog } from './PasteDialog.tsx';
import { ReceiptLists } from './ReceiptLists.tsx';
import styles from './ReceiptsScreen.module.css';
import type { ReceiptState } from './store.ts';

const selectCheck = (state: ReceiptState) => state.check;
const selectShown = (state: ReceiptState) => state.checked.find((one) => one.id === state.shown);

/** Drop a receipt, read its verdict. A run in the route has its own receipt checked. */
export function ReceiptsScreen(props: { runId: RunId | null }) {
  const check = useReceiptStore(selectCheck);
  const shown = useReceiptStore(selectShown);
  const [isPasting, setPasting] = useState(false);
  const failure = useReceiptOfRun(props.runId);
  const take = async (files: readonly File[]) => {
    for (const file of files) await check(file.name, new Uint8Array(await file.arrayBuffer()));
  };
  return (
    <div className={styles.screen}>
      <header className={styles.head}>
        <h1>Receipts</h1>
        <span>What happened in a run, signed. Anyone can check one, with or without Glovebox.</span>
      </header>
      <div className={styles.columns}>
        <div className={styles.main}>
          <DropArea
            icon={FileCheck2}
            title="Drop a receipt to check it"
            isMany
            isPrimary
            onFiles={(files) => void take(files)}
            actions={
              <Button icon={ClipboardPaste} onClick={() => setPasting(true)}>
                Paste…
              </Button>
            }
          >
            <p>A receipt, a DSSE envelope or a Sigstore bundle. Checking needs no key and no module.</p>
          </DropArea>
          {failure !== undefined && (
            <FailureNotice failure={failure} notDone="The receipt of this run could not be checked." />
          )}
          {shown !== undefined && <CheckedView key={shown.id} one={shown} />}
        </div>
        <ReceiptLists />
      </div>
      {isPasting && (
        <PasteDialog
          onPaste={(text) => void check('pasted text', new TextEncoder().encode(text))}
          onClose={() => setPasting(false)}
        />
      )}
    </div>
  );
}

/** Fetches and checks the receipt of a run once for each time its route is entered; why it could not, if so. */
function useReceiptOfRun(runId: RunId | null) {
  const { client } = useBridge();
  const check = useReceiptStore(selectCheck);
  const { run, failure } = useAct();
  // biome-ignore lint/correctness/useExhaustiveDependencies: `run` is new in every render, and belongs to this one
  useEffect(() => {
    if (runId === null) return;
    let isLeft = false;
    void run(() => client.receipts.get({ runId })).then((file) => {
      if (file !== undefined && !isLeft) void check(file.fileName, new TextEncoder().encode(file.text));
    });
    return () => {
      isLeft = true;
    };
  }, [client, check, runId]);
  return runId === null ? undefined : failure;
}
