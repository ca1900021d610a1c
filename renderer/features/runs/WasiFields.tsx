import { ClipboardPaste, Plus, X } from 'lucide-react';
import { useState } from 'react';
import { parseEnvironment, splitArguments } from '../../lib/command-line.ts';
import { formatBytes } from '../../lib/format.ts';
import { Button } from '../../ui/Button.tsx';
import { Check } from '../../ui/Check.tsx';
import { TextField } from '../../ui/Field.tsx';
import { FileSlot } from '../../ui/FileSlot.tsx';
import styles from './RunForm.module.css';
import type { FormPartProps } from './RunForm.tsx';

/** What a WASI program is given: arguments, stdin, environment, files. It never sees a real path or variable. */
export function WasiFields(props: FormPartProps) {
  const { draft, onChange } = props;
  const words = splitArguments(draft.programArgs);
  return (
    <>
      <section className={styles.section} aria-label="Program input">
        <h2>Program input</h2>
        <TextField
          label="Arguments"
          isMono
          value={draft.programArgs}
          placeholder={'--verbose "two words"'}
          hint={words.length === 0 ? undefined : `${words.length} after the program’s name`}
          onChange={(programArgs) => onChange({ programArgs })}
        />
        {draft.stdinFile === null ? (
          <TextField
            label="Standard input"
            isMono
            rows={3}
            value={draft.stdinText}
            placeholder="empty"
            onChange={(stdinText) => onChange({ stdinText })}
          />
        ) : null}
        <FileSlot
          label="Standard input from a file"
          file={draft.stdinFile}
          onFiles={([stdinFile]) => onChange({ stdinFile: stdinFile ?? null })}
          onClear={() => onChange({ stdinFile: null })}
        />
      </section>
      <EnvironmentFields {...props} />
      <FileFields {...props} />
    </>
  );
}

function EnvironmentFields(props: FormPartProps) {
  const { draft, errors, onChange } = props;
  const [note, setNote] = useState<string>();
  const setRow = (index: number, row: readonly [string, string]) => onChange({ env: draft.env.with(index, row) });
  const paste = async () => {
    const text = await navigator.clipboard.readText().catch(() => '');
    const { entries, skipped } = parseEnvironment(text);
    onChange({ env: [...draft.env, ...entries] });
    setNote(`${entries.length} read from the clipboard${skipped > 0 ? `, ${skipped} lines skipped` : ''}`);
  };
  return (
    <section className={styles.section} aria-label="Environment">
      <h2>
        Environment
        <Button
          kind="quiet"
          icon={Plus}
          label="Add a variable"
          onClick={() => onChange({ env: [...draft.env, ['', '']] })}
        />
        <Button kind="quiet" icon={ClipboardPaste} label="Paste a .env file" onClick={() => void paste()} />
      </h2>
      {draft.env.map((row, index) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: rows have no identity but their place
        <div key={index} className={styles.row}>
          <TextField
            label={`Name ${index}`}
            isLabelHidden
            isMono
            placeholder="NAME"
            value={row[0]}
            error={errors[`env.${index}`]}
            onChange={(name) => setRow(index, [name, row[1]])}
          />
          <TextField
            label={`Value ${index}`}
            isLabelHidden
            isMono
            placeholder="value"
            value={row[1]}
            onChange={(value) => setRow(index, [row[0], value])}
          />
          <Button
            kind="quiet"
            icon={X}
            label={`Remove ${row[0] || 'variable'}`}
            onClick={() => onChange({ env: draft.env.toSpliced(index, 1) })}
          />
        </div>
      ))}
      {draft.env.length === 0 && <p className={styles.hint}>Empty. The guest never sees this machine’s variables.</p>}
      {note !== undefined && (
        <p role="status" className={styles.hint}>
          {note}
        </p>
      )}
    </section>
  );
}

function FileFields(props: FormPartProps) {
  const { draft, errors, onChange } = props;
  const add = (files: readonly File[]) =>
    onChange({ files: [...draft.files, ...files.map((file) => ({ path: `/data/${file.name}`, file }))] });
  return (
    <section className={styles.section} aria-label="Files">
      <h2>Files</h2>
      {draft.files.map((entry, index) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: rows have no identity but their place
        <div key={index} className={styles.row}>
          <TextField
            label={`Guest path of ${entry.file.name}`}
            isLabelHidden
            isMono
            value={entry.path}
            error={errors[`files.${index}`]}
            onChange={(path) => onChange({ files: draft.files.with(index, { ...entry, path }) })}
          />
          <span className={styles.hint} style={{ lineHeight: 'var(--control)' }} title={entry.file.name}>
            {entry.file.name}, {formatBytes(entry.file.size)}
          </span>
          <Button
            kind="quiet"
            icon={X}
            label={`Remove ${entry.file.name}`}
            onClick={() => onChange({ files: draft.files.toSpliced(index, 1) })}
          />
        </div>
      ))}
      <FileSlot label="Files for the guest" file={null} isMany onFiles={add} />
      <Check
        label="The guest may write to its folders; what it wrote is shown after the run"
        isChecked={draft.isWritable}
        onChange={(isWritable) => onChange({ isWritable })}
      />
    </section>
  );
}
