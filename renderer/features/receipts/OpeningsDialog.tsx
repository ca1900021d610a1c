import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import type { KeyId, RunId } from '../../../shared/model/scalars.ts';
import { useBridge } from '../../bridge/context.ts';
import { queries } from '../../bridge/queries.ts';
import { saveFile } from '../../lib/save-file.ts';
import { useAct } from '../../lib/use-act.ts';
import { Button } from '../../ui/Button.tsx';
import { Dialog } from '../../ui/Dialog.tsx';
import { FailureNotice } from '../../ui/Notice.tsx';
import { RecipientField } from '../../ui/RecipientField.tsx';
import { Stack } from '../../ui/Stack.tsx';
import { toastDone } from '../../ui/Toasts.tsx';

/** Saves the openings of a receipt's commitments, sealed to those who may hold them. */
export function OpeningsDialog(props: { runId: RunId; onClose: () => void }) {
  const { runId } = props;
  const { client } = useBridge();
  const { data: keys } = useQuery(queries.keys(client));
  const { data: contacts } = useQuery(queries.contacts(client));
  const [recipients, setRecipients] = useState<readonly KeyId[]>([]);
  const act = useAct();
  const save = async () => {
    const file = await act.run(() => client.receipts.exportOpenings({ runId, recipients: [...recipients] }));
    if (file === undefined) return;
    saveFile(new Blob([file.bytes.slice()]), file.fileName);
    toastDone('Openings saved', `${file.fileName}, sealed`);
    props.onClose();
  };
  return (
    <Dialog
      isOpen
      onClose={props.onClose}
      title="Openings of the commitments"
      description="With them, somebody can check that an input and an output are what the receipt commits to. They leave sealed."
      actions={
        <>
          <Button onClick={props.onClose}>Cancel</Button>
          <Button
            kind="primary"
            isDisabled={recipients.length === 0 || act.isBusy}
            reason="Say to whom first"
            onClick={() => void save()}
          >
            Seal and save
          </Button>
        </>
      }
    >
      <Stack>
        {keys !== undefined && contacts !== undefined && (
          <RecipientField keys={keys.keys} contacts={contacts} chosen={recipients} onChange={setRecipients} />
        )}
        {act.failure !== undefined && <FailureNotice failure={act.failure} notDone="Nothing was saved." />}
      </Stack>
    </Dialog>
  );
}
