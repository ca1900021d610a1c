import { useState } from 'react';
import { useBridge } from '../../bridge/context.ts';
import { plural } from '../../lib/format.ts';
import { useAct } from '../../lib/use-act.ts';
import { Button } from '../../ui/Button.tsx';
import { Dialog } from '../../ui/Dialog.tsx';
import { TextField } from '../../ui/Field.tsx';
import { FileSlot } from '../../ui/FileSlot.tsx';
import { FailureNotice } from '../../ui/Notice.tsx';
import { Stack } from '../../ui/Stack.tsx';
import { toastDone } from '../../ui/Toasts.tsx';

/** Takes over the keys of a backup that are not here. */
export function RestoreDialog(props: { file?: File; onClose: () => void }) {
  const { client } = useBridge();
  const [file, setFile] = useState<File | null>(props.file ?? null);
  const [passphrase, setPassphrase] = useState('');
  const act = useAct();
  const isReady = file !== null && passphrase !== '' && !act.isBusy;
  const restore = async () => {
    if (!isReady) return;
    const backup = new Uint8Array(await file.arrayBuffer());
    const done = await act.run(() => client.keys.restore({ backup, passphrase }));
    if (done === undefined) return;
    const here = done.alreadyHere === 0 ? '' : ` ${plural(done.alreadyHere, 'key was', 'keys were')} here already.`;
    const title = done.restored.length === 0 ? 'No key was missing' : `${plural(done.restored.length, 'key')} restored`;
    toastDone(title, `Restored sign and log keys come back retired.${here}`);
    props.onClose();
  };
  return (
    <Dialog
      isOpen
      onClose={props.onClose}
      title="Restore keys from a backup"
      description="Keys that are here already stay as they are."
      actions={
        <>
          <Button onClick={props.onClose}>Cancel</Button>
          <Button
            kind="primary"
            isDisabled={!isReady}
            reason="Choose the file and give its passphrase"
            onClick={() => void restore()}
          >
            {act.isBusy ? 'Opening…' : 'Restore'}
          </Button>
        </>
      }
    >
      <Stack>
        <FileSlot
          label="Backup file"
          file={file}
          onFiles={(files) => setFile(files[0] ?? null)}
          onClear={() => setFile(null)}
        />
        <TextField
          label="Passphrase of the backup"
          type="password"
          value={passphrase}
          onChange={setPassphrase}
          onEnter={() => void restore()}
        />
        {act.failure !== undefined && <FailureNotice failure={act.failure} notDone="No key was taken over." />}
      </Stack>
    </Dialog>
  );
}
