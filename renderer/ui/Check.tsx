import { Checkbox } from '@base-ui/react/checkbox';
import { Check as CheckIcon } from 'lucide-react';
import type { ReactNode } from 'react';
import styles from './Check.module.css';

export function Check(props: {
  label: ReactNode;
  isChecked: boolean;
  isDisabled?: boolean;
  onChange: (isChecked: boolean) => void;
}) {
  return (
    // biome-ignore lint/a11y/noLabelWithoutControl: the control inside is a Base UI checkbox
    <label className={styles.label}>
      <Checkbox.Root
        className={styles.box}
        checked={props.isChecked}
        disabled={props.isDisabled ?? false}
        onCheckedChange={props.onChange}
      >
        <Checkbox.Indicator className={styles.mark}>
          <CheckIcon size={12} strokeWidth={3} aria-hidden />
        </Checkbox.Indicator>
      </Checkbox.Root>
      <span>{props.label}</span>
    </label>
  );
}
