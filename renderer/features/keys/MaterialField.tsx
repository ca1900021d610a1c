import { useState } from 'react';
import { TextField } from '../../ui/Field.tsx';
import { FileSlot } from '../../ui/FileSlot.tsx';

/** A key file is a few hundred bytes; more than this is something else. */
const MAX_BYTES = 256 * 1024;

/** Key material out of a file or pasted; null while there is none. */
export function MaterialField(props: { label: string; onChange: (material: Uint8Array | null) => void }) {
  const [file, setFile] = useState<File | null>(null);
  const [text, setText] = useState('');
  const tooLarge = file !== null && file.size > MAX_BYTES;
  const take = async (chosen: File | null) => {
    setFile(chosen);
    if (chosen === null || chosen.size > MAX_BYTES) return props.onChange(null);
    props.onChange(new Uint8Array(await chosen.arrayBuffer()));
  };
  return (
    <>
      <FileSlot
        label={props.label}
        file={file}
        onFiles={(files) => void take(files[0] ?? null)}
        onClear={() => void take(null)}
      />
      {file === null && (
        <TextField
          label="Or pasted text"
          isMono
          rows={4}
          placeholder="-----BEGIN PUBLIC KEY-----, a JWK, hex or base64"
          value={text}
          onChange={(value) => {
            setText(value);
            props.onChange(value.trim() === '' ? null : new TextEncoder().encode(value));
          }}
        />
      )}
      {tooLarge && <p role="alert">This file is too large to be a key: expected at most 256 KiB.</p>}
    </>
  );
}
