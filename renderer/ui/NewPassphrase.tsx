import { type Ref, useState } from 'react';
import { judgePassphrase, type PassphraseLevel } from '../lib/passphrase.ts';
import { TextField } from './Field.tsx';
import styles from './NewPassphrase.module.css';

const FILLED: Record<PassphraseLevel, number> = { short: 0, weak: 1, fair: 2, strong: 3 };

/** A new passphrase, typed twice, with its strength; `onChange` has null while it cannot be taken. */
export function NewPassphrase(props: {
  label?: string;
  inputRef?: Ref<HTMLInputElement>;
  onChange: (passphrase: string | null) => void;
  onEnter?: () => void;
}) {
  const [first, setFirst] = useState('');
  const [second, setSecond] = useState('');
  const { level, text } = judgePassphrase(first);
  const tell = (a: string, b: string) => props.onChange(a === b && judgePassphrase(a).level !== 'short' ? a : null);
  const isDifferent = second !== '' && !first.startsWith(second) && first !== second;
  return (
    <>
      <TextField
        label={props.label ?? 'New passphrase'}
        type="password"
        {...(props.inputRef === undefined ? {} : { inputRef: props.inputRef })}
        value={first}
        onChange={(value) => {
          setFirst(value);
          tell(value, second);
        }}
        hint={
          <span className={styles.strength}>
            <span className={styles.bars} aria-hidden>
              {[1, 2, 3].map((bar) => (
                <i key={bar} data-on={FILLED[level] >= bar ? level : undefined} />
              ))}
            </span>
            {text}
          </span>
        }
      />
      <TextField
        label="The same again"
        type="password"
        value={second}
        error={isDifferent ? 'it is not the same' : undefined}
        onChange={(value) => {
          setSecond(value);
          tell(first, value);
        }}
        onEnter={props.onEnter}
      />
    </>
  );
}
