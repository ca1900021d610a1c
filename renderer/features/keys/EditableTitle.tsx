import { Pencil } from 'lucide-react';
import { useEffect, useRef, useState } from 'react';
import type { Result } from '../../../shared/result.ts';
import { describeCode } from '../../lib/failure.ts';
import { useAct } from '../../lib/use-act.ts';
import { Button } from '../../ui/Button.tsx';
import { TextField } from '../../ui/Field.tsx';
import { toastUndo } from '../../ui/Toasts.tsx';
import styles from './detail.module.css';

/** A name that is edited where it stands: Enter keeps, Escape leaves; undo takes it back. */
export function EditableTitle(props: {
  text: string;
  act: string;
  rename: (text: string) => Promise<Result<unknown>>;
}) {
  const [draft, setDraft] = useState<string | null>(null);
  const field = useRef<HTMLInputElement>(null);
  const { run, failure } = useAct();
  const isEditing = draft !== null;
  useEffect(() => {
    if (isEditing) field.current?.select();
  }, [isEditing]);
  const before = props.text;
  const keep = async () => {
    const next = draft?.trim() ?? '';
    if (next === '' || next === before) return setDraft(null);
    const done = await run(() => props.rename(next));
    if (done === undefined) return;
    setDraft(null);
    toastUndo(`Renamed to “${next}”`, () => void props.rename(before));
  };
  if (draft === null) {
    return (
      <div className={styles.title}>
        <h2 title={before}>
          <bdi>{before}</bdi>
        </h2>
        <Button kind="quiet" icon={Pencil} label={props.act} onClick={() => setDraft(before)} />
      </div>
    );
  }
  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: Escape leaves the field inside
    <div
      className={styles.title}
      onKeyDown={(event) => {
        if (event.key === 'Escape') setDraft(null);
      }}
    >
      <TextField
        label="Name"
        isLabelHidden
        inputRef={field}
        value={draft}
        error={failure === undefined ? undefined : describeCode(failure.code)}
        onChange={(value) => setDraft(value.slice(0, 64))}
        onEnter={() => void keep()}
      />
      <Button onClick={() => void keep()}>Rename</Button>
      <Button kind="quiet" onClick={() => setDraft(null)}>
        Leave
      </Button>
    </div>
  );
}
