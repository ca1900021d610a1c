import { Select } from '@base-ui/react/select';
import { Check, ChevronDown } from 'lucide-react';
import { Fragment, useId, useState } from 'react';
import styles from './Choice.module.css';

export type Option = { value: string; label: string; note?: string | undefined; isDisabled?: boolean };
export type OptionGroup = { label: string; options: readonly Option[] };

/** One of several, in groups where there are more kinds than one. */
export function Choice(props: {
  label: string;
  isLabelHidden?: boolean;
  value: string;
  groups: readonly OptionGroup[];
  isMono?: boolean;
  isDisabled?: boolean;
  /** what stands there while `value` is none of the options */
  placeholder?: string;
  onChange: (value: string) => void;
}) {
  const labelId = useId();
  const [anchor, setAnchor] = useState<HTMLElement | null>(null);
  // Inside of the landmark or the dialog that the field is in, so that the list belongs to it.
  const container = anchor?.closest<HTMLElement>('[role="dialog"], main');
  const options = props.groups.flatMap((group) => group.options);
  return (
    <div ref={setAnchor} className={styles.field}>
      <span id={labelId} className={props.isLabelHidden ? styles.hidden : styles.label}>
        {props.label}
      </span>
      <Select.Root
        items={options}
        value={props.value}
        disabled={props.isDisabled ?? false}
        onValueChange={(value) => {
          if (value !== null) props.onChange(value);
        }}
      >
        <Select.Trigger className={styles.trigger} aria-labelledby={labelId} data-mono={props.isMono}>
          <Select.Value className={styles.value}>
            {(value: string) => options.find((option) => option.value === value)?.label ?? props.placeholder}
          </Select.Value>
          <Select.Icon className={styles.icon}>
            <ChevronDown size={14} aria-hidden />
          </Select.Icon>
        </Select.Trigger>
        <Select.Portal {...(container == null ? {} : { container })}>
          <Select.Positioner className={styles.positioner} sideOffset={4} alignItemWithTrigger={false}>
            <Select.Popup className={styles.popup} aria-label={props.label}>
              {props.groups.map((group) => (
                <Fragment key={group.label}>
                  {group.options.length > 0 && (
                    <Select.Group>
                      {group.label !== '' && (
                        <Select.GroupLabel className={styles.group}>{group.label}</Select.GroupLabel>
                      )}
                      {group.options.map((option) => (
                        <ChoiceItem key={option.value} option={option} isMono={props.isMono ?? false} />
                      ))}
                    </Select.Group>
                  )}
                </Fragment>
              ))}
            </Select.Popup>
          </Select.Positioner>
        </Select.Portal>
      </Select.Root>
    </div>
  );
}

function ChoiceItem(props: { option: Option; isMono: boolean }) {
  const { option } = props;
  return (
    <Select.Item
      value={option.value}
      disabled={option.isDisabled ?? false}
      className={styles.item}
      data-mono={props.isMono}
    >
      <Select.ItemIndicator className={styles.check}>
        <Check size={13} aria-hidden />
      </Select.ItemIndicator>
      <Select.ItemText className={styles.text}>{option.label}</Select.ItemText>
      {option.note !== undefined && <span className={styles.note}>{option.note}</span>}
    </Select.Item>
  );
}
