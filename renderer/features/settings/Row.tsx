import type { ReactNode } from 'react';
import { Button } from '../../ui/Button.tsx';
import styles from './SettingsScreen.module.css';
import { type SettingId, settings } from './settings.ts';

/** A setting: what it is, and its control. */
export function Row(props: { id: SettingId; children: ReactNode; below?: ReactNode }) {
  const { title, text } = settings[props.id];
  return (
    <div className={styles.row}>
      <p>
        <b>{title}</b>
        {text}
      </p>
      <div className={styles.control}>{props.children}</div>
      {props.below !== undefined && <div className={styles.whole}>{props.below}</div>}
    </div>
  );
}

/** A few choices beside each other, one of them pressed. */
export function Options<T extends string>(props: {
  label: string;
  value: T;
  options: readonly (readonly [value: T, word: string])[];
  onChoose: (value: T) => void;
}) {
  return (
    <fieldset className={styles.control} aria-label={props.label}>
      {props.options.map(([value, word]) => (
        <Option key={value} word={word} isChosen={value === props.value} onChoose={() => props.onChoose(value)} />
      ))}
    </fieldset>
  );
}

function Option(props: { word: string; isChosen: boolean; onChoose: () => void }) {
  return (
    <Button isPressed={props.isChosen} onClick={props.onChoose}>
      {props.word}
    </Button>
  );
}
