import { type ReactNode, useRef, useState } from 'react';
import type { Failure } from '../../shared/result.ts';
import { Button } from './Button.tsx';
import { Dialog } from './Dialog.tsx';
import { TextField } from './Field.tsx';
import { FailureNotice } from './Notice.tsx';
import { Stack } from './Stack.tsx';

/** Asks before what cannot be taken back; the name has to be typed, and what depends on it stands above the field. */
export function ConfirmDialog(props: {
  title: string;
  /** the act, as the button says it */
  act: string;
  /** what has to be typed */
  typed: string;
  children: ReactNode;
  isBusy: boolean;
  failure: Failure | undefined;
  notDone: string;
  onConfirm: (typed: string) => void;
  onClose: () => void;
}) {
  const [text, setText] = useState('');
  const field = useRef<HTMLInputElement>(null);
  const isTyped = text === props.typed;
  const confirm = () => {
    if (isTyped && !props.isBusy) props.onConfirm(text);
  };
  return (
    <Dialog
      isOpen
      onClose={props.onClose}
      title={props.title}
      focusRef={field}
      actions={
        <>
          <Button onClick={props.onClose}>Keep</Button>
          <Button
            kind="danger"
            isDisabled={!isTyped || props.isBusy}
            reason="Type the name exactly as it stands above"
            onClick={confirm}
          >
            {props.act}
          </Button>
        </>
      }
    >
      <Stack>
        {props.children}
        <TextField
          label={`Type “${props.typed}” to confirm`}
          inputRef={field}
          value={text}
          onChange={setText}
          onEnter={confirm}
        />
        {props.failure !== undefined && <FailureNotice failure={props.failure} notDone={props.notDone} />}
      </Stack>
    </Dialog>
  );
}
