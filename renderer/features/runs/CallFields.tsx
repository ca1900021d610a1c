import { formatSignature } from '../../lib/signature.ts';
import { exampleValue, readValue } from '../../lib/values.ts';
import { Choice } from '../../ui/Choice.tsx';
import { TextField } from '../../ui/Field.tsx';
import { callableExports, parameterTypes } from './draft.ts';
import styles from './RunForm.module.css';
import type { FormPartProps } from './RunForm.tsx';

const PROGRAM = '\0program';
const GIVEN = /^(i32|i64|f32|f64|v128|externref|funcref|\(ref null .*\))$/;

/** What to call, and with what. */
export function CallFields(props: FormPartProps) {
  const { record, draft, errors, onChange } = props;
  const functions = callableExports(record).filter(
    (item) => item.name !== '_start' || record.report.shape !== 'command',
  );
  const isCallable = (params: readonly string[]) => params.every((type) => GIVEN.test(type));
  const option = (item: (typeof functions)[number]) => ({
    value: item.name,
    label: item.name,
    note: formatSignature(item),
  });
  const types = parameterTypes(record, draft);
  return (
    <section className={styles.section} aria-label="Call">
      <h2>Call</h2>
      <Choice
        label="Export"
        isLabelHidden
        isMono
        value={draft.entry ?? PROGRAM}
        groups={[
          {
            label: 'The program',
            options:
              record.report.shape === 'command' ? [{ value: PROGRAM, label: '_start', note: 'WASI program' }] : [],
          },
          { label: 'Callable now', options: functions.filter((item) => isCallable(item.params)).map(option) },
          {
            label: 'Not from outside',
            options: functions
              .filter((item) => !isCallable(item.params))
              .map((item) => ({ ...option(item), isDisabled: true })),
          },
        ]}
        onChange={(value) => {
          const entry = value === PROGRAM ? null : value;
          const params = functions.find((item) => item.name === entry)?.params ?? [];
          onChange({ entry, args: params.map(exampleValue) });
        }}
      />
      {types.map((type, index) => {
        const text = draft.args[index] ?? '';
        const read = readValue(type, text);
        return (
          // biome-ignore lint/suspicious/noArrayIndexKey: a parameter is its place
          <div key={`${draft.entry} ${index}`} className={styles.argument}>
            <code>{type}</code>
            <TextField
              label={`Argument ${index}, ${type}`}
              isLabelHidden
              isMono
              value={text}
              error={errors[`args.${index}`]}
              hint={read.ok ? read.note : undefined}
              onChange={(value) =>
                onChange({ args: types.map((_, place) => (place === index ? value : (draft.args[place] ?? ''))) })
              }
            />
          </div>
        );
      })}
      {draft.entry !== null && types.length === 0 && <p className={styles.hint}>It takes no arguments.</p>}
    </section>
  );
}
