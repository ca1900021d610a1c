import { useState } from 'react';
import { Button } from '../../ui/Button.tsx';
import { Dialog } from '../../ui/Dialog.tsx';
import { TextField } from '../../ui/Field.tsx';

/** A receipt as text. */
export function PasteDialog(props: { onPaste: (text: string) => void; onClose: () => void }) {
  const [text, setText] = useState('');
  const check = () => {
    props.onPaste(text);
    props.onClose();
  };
  return (
    <Dialog
      isOpen
      onClose={props.onClose}
      title="Paste a receipt"
      size="wide"
      actions={
        <Button kind="primary" isDisabled={text.trim() === ''} reason="Paste something first" onClick={check}>
          Check
        </Button>
      }
    >
      <TextField
        label="A receipt, a DSSE envelope or a Sigstore bundle, as JSON"
        isMono
        rows={12}
        value={text}
        onChange={setText}
      />
    </Dialog>
  );
}
