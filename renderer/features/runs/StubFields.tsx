import type { ImportStub } from '../../../shared/model/capability.ts';
import { Choice } from '../../ui/Choice.tsx';
import styles from './RunForm.module.css';
import type { FormPartProps } from './RunForm.tsx';

const DENY = 'deny';
const MOST = 50;

/** For imports that no host function answers: what a stub should do in their place, for this run only. */
export function StubFields(props: FormPartProps) {
  const { record, draft, onChange } = props;
  const unknown = record.report.imports.filter(
    (item) => item.module !== 'wasi_snapshot_preview1' && item.type.kind === 'function',
  );
  if (unknown.length === 0) return null;
  const find = (module: string, name: string) =>
    draft.stubs.find((stub) => stub.module === module && stub.name === name);
  const choose = (module: string, name: string, action: string) => {
    const others = draft.stubs.filter((stub) => stub.module !== module || stub.name !== name);
    onChange({
      stubs: action === DENY ? others : [...others, { module, name, action: action as ImportStub['action'] }],
    });
  };
  return (
    <section className={styles.section} aria-label="Unknown imports">
      <h2>Unknown imports</h2>
      <p className={styles.hint}>Nothing grants these. A stub answers in their place; without one the run is denied.</p>
      {unknown.slice(0, MOST).map((item) => (
        <div
          key={`${item.module} ${item.name}`}
          className={styles.row}
          style={{ gridTemplateColumns: 'minmax(0, 1fr) 11rem' }}
        >
          <code
            style={{ lineHeight: 'var(--control)', overflow: 'hidden', textOverflow: 'ellipsis' }}
            title={`${item.module}.${item.name}`}
          >
            {item.module}.{item.name}
          </code>
          <Choice
            label={`Stub for ${item.module}.${item.name}`}
            isLabelHidden
            value={find(item.module, item.name)?.action ?? DENY}
            groups={[
              {
                label: '',
                options: [
                  { value: DENY, label: 'No stub: deny' },
                  { value: 'return', label: 'Return zeros' },
                  { value: 'log', label: 'Log, return zeros' },
                  { value: 'trap', label: 'Trap' },
                ],
              },
            ]}
            onChange={(action) => choose(item.module, item.name, action)}
          />
        </div>
      ))}
      {unknown.length > MOST && (
        <p className={styles.hint}>{unknown.length - MOST} more are not shown and stay denied.</p>
      )}
    </section>
  );
}
