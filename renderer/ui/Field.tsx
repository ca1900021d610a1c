import clsx from 'clsx';
import { type ReactNode, useId } from 'react';
import styles from './Field.module.css';

type FieldProps = {
  label: string;
  /** read as part of the field, shown beneath it */
  hint?: ReactNode;
  error?: string | undefined;
  isLabelHidden?: boolean;
  className?: string | undefined;
};

/** A label, a control, and its hint or error. */
export function Field(props: FieldProps & { children: (ids: FieldIds) => ReactNode }) {
  const id = useId();
  const noteId = `${id}-note`;
  const note = props.error ?? props.hint;
  return (
    <div className={clsx(styles.field, props.className)}>
      <label htmlFor={id} className={props.isLabelHidden ? styles.hidden : styles.label}>
        {props.label}
      </label>
      {props.children({ id, 'aria-describedby': note ? noteId : undefined, 'aria-invalid': props.error !== undefined })}
      {note !== undefined && (
        <p id={noteId} className={props.error === undefined ? styles.hint : styles.error}>
          {note}
        </p>
      )}
    </div>
  );
}

export type FieldIds = { id: string; 'aria-describedby': string | undefined; 'aria-invalid': boolean };

export function TextField(
  props: FieldProps & {
    value: string;
    onChange: (value: string) => void;
    placeholder?: string | undefined;
    isMono?: boolean | undefined;
    isDisabled?: boolean | undefined;
    rows?: number | undefined;
    suffix?: ReactNode;
    type?: 'text' | 'password' | undefined;
    inputRef?: React.Ref<HTMLInputElement>;
    onEnter?: (() => void) | undefined;
  },
) {
  const className = clsx(styles.input, props.isMono && styles.mono);
  return (
    <Field {...props}>
      {(ids) =>
        props.rows !== undefined ? (
          <textarea
            {...ids}
            className={clsx(className, styles.area)}
            rows={props.rows}
            spellCheck={false}
            disabled={props.isDisabled}
            placeholder={props.placeholder}
            value={props.value}
            onChange={(event) => props.onChange(event.target.value)}
          />
        ) : (
          <span className={styles.wrap}>
            <input
              {...ids}
              ref={props.inputRef}
              type={props.type ?? 'text'}
              className={className}
              spellCheck={false}
              autoComplete="off"
              disabled={props.isDisabled}
              placeholder={props.placeholder}
              value={props.value}
              onChange={(event) => props.onChange(event.target.value)}
              onKeyDown={(event) => {
                if (event.key === 'Enter' && props.onEnter !== undefined) props.onEnter();
              }}
            />
            {props.suffix !== undefined && <span className={styles.suffix}>{props.suffix}</span>}
          </span>
        )
      }
    </Field>
  );
}
