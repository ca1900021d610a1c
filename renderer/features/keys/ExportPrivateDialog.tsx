import { useRef, useState } from 'react';
import type { KeyRecord } from '../../../shared/model/key.ts';
import { useBridge } from '../../bridge/context.ts';
import { saveFile } from '../../lib/save-file.ts';
import { useAct } from '../../lib/use-act.ts';
import { Button } from '../../ui/Button.tsx';
import { Dialog } from '../../ui/Dialog.tsx';
import { NewPassphrase } from '../../ui/NewPassphrase.tsx';
import { FailureNotice } from '../../ui/Notice.tsx';
import { Stack } from '../../ui/Stack.tsx';
import { toastDone } from '../../ui/Toasts.tsx';

/** Saves a private key under a passphrase; it never leaves the key store without one. */
export function ExportPrivateDialog(props: { record: KeyRecord; onClose: () => void }) {
  const { keyId, label } = props.record;
  const { client } = useBridge();
  const [passphrase, setPassphrase] = useState<string | null>(null);
  const field = useRef<HTMLInputElement>(null);
  const act = useAct();
  const save = async () => {
    if (passphrase === null || act.isBusy) return;
    const done = await act.run(() => client.keys.exportPrivate({ keyId, passphrase }));
    if (done === undefined) return;
    saveFile(new Blob([done.bytes.slice()]), done.fileName);
    toastDone('Private key exported', `${done.fileName}; the log says so.`);
    props.onClose();
  };
  return (
    <Dialog
      isOpen
      onClose={props.onClose}
      title={`Export the private key of ${label}`}
      description="A PEM file with PKCS#8 under PBES2 (PBKDF2, 600,000 rounds). It is encrypted before it leaves the key store."
      focusRef={field}
      actions={
        <>
          <Button onClick={props.onClose}>Cancel</Button>
          <Button
            kind="primary"
            isDisabled={passphrase === null || act.isBusy}
            reason="Type the passphrase twice"
            onClick={() => void save()}
          >
            {act.isBusy ? 'Encrypting…' : 'Export'}
          </Button>
        </>
      }
    >
      <Stack>
        <NewPassphrase
          label="Passphrase of the file"
          inputRef={field}
          onChange={setPassphrase}
          onEnter={() => void save()}
        />
        {act.failure !== undefined && <FailureNotice failure={act.failure} notDone="Nothing was exported." />}
      </Stack>
    </Dialog>
  );
}
