import { useQuery } from '@tanstack/react-query';
import { ChevronRight, RotateCcw } from 'lucide-react';
import { useState } from 'react';
import { allCapabilities } from '../../../shared/model/capability.ts';
import { type LimitName, limitSpecs } from '../../../shared/model/limits.ts';
import type { Policy } from '../../../shared/model/policy.ts';
import { useBridge } from '../../bridge/context.ts';
import { queries } from '../../bridge/queries.ts';
import { formatLimit } from '../../lib/limit-text.ts';
import { Button } from '../../ui/Button.tsx';
import { Check } from '../../ui/Check.tsx';
import { Choice } from '../../ui/Choice.tsx';
import { TextField } from '../../ui/Field.tsx';
import { zeroSeed } from './draft.ts';
import styles from './LimitFields.module.css';
import type { FormPartProps } from './RunForm.tsx';

const FIRST: readonly LimitName[] = ['timeMs', 'memoryBytes', 'fuel', 'outputBytes'];
const REST: readonly LimitName[] = ['stackBytes', 'tableElements', 'fileBytes', 'fileEntries'];

/** The policy of the run, and what this run has otherwise. */
export function LimitFields(props: FormPartProps & { policies: readonly Policy[] }) {
  const { record, draft, onChange } = props;
  const { client } = useBridge();
  const { data: resolution } = useQuery(queries.resolution(client, record.sha256, draft.policy));
  const [isOpen, setOpen] = useState(false);
  const changed = Object.keys(draft.limits).length;
  const granted = new Set(resolution?.grants.map((grant) => grant.capability) ?? []);
  return (
    <section className={styles.limits} aria-label="Limits">
      <h2>Limits and grants</h2>
      <Choice
        label="Policy"
        value={draft.policy}
        groups={[
          {
            label: '',
            options: props.policies.map((policy) => ({
              value: policy.name,
              label: policy.name,
              note: policySummary(policy),
            })),
          },
        ]}
        onChange={(policy) => onChange({ policy })}
      />
      {[...FIRST, ...(isOpen ? REST : [])].map((name) => (
        <LimitRow
          key={name}
          {...props}
          name={name}
          base={resolution?.limits[name]}
          source={resolution?.sources[name]}
        />
      ))}
      <div className={styles.more}>
        <Button kind="quiet" icon={ChevronRight} isPressed={isOpen} onClick={() => setOpen(!isOpen)}>
          {isOpen ? 'Fewer limits' : 'More limits'}
        </Button>
        {changed > 0 && (
          <Button kind="quiet" icon={RotateCcw} onClick={() => onChange({ limits: {} })}>
            Reset {changed} to the policy
          </Button>
        )}
      </div>
      <fieldset className={styles.grants}>
        <legend>Granted to this run</legend>
        {allCapabilities.map((capability) => {
          const isByPolicy = granted.has(capability);
          return (
            <Check
              key={capability}
              label={
                <>
                  {capability} {isByPolicy && <span className={styles.by}>by policy</span>}
                </>
              }
              isChecked={isByPolicy || draft.grants.includes(capability)}
              isDisabled={isByPolicy}
              onChange={(isChecked) =>
                onChange({
                  grants: isChecked ? [...draft.grants, capability] : draft.grants.filter((one) => one !== capability),
                })
              }
            />
          );
        })}
      </fieldset>
      <Check
        label="Deterministic: virtual clock, seeded random; two runs give the same output and the same fuel"
        isChecked={draft.isDeterministic}
        onChange={(isDeterministic) => onChange({ isDeterministic })}
      />
      {draft.isDeterministic && (
        <TextField
          label="Seed"
          isMono
          value={draft.seed}
          error={props.errors.seed}
          hint={draft.seed === zeroSeed ? 'all zeros' : undefined}
          onChange={(seed) => onChange({ seed })}
        />
      )}
    </section>
  );
}

function LimitRow(
  props: FormPartProps & { name: LimitName; base: number | string | null | undefined; source: string | undefined },
) {
  const { name, draft, errors, onChange, base } = props;
  const text = draft.limits[name];
  const isChanged = text !== undefined;
  const baseText = base === undefined ? '' : formatLimit(name, base);
  const set = (value: string) => {
    const { [name]: _before, ...others } = draft.limits;
    onChange({ limits: value === '' ? others : { ...others, [name]: value } });
  };
  return (
    <div className={styles.row} data-changed={isChanged || undefined}>
      <span className={styles.name} title={limitSpecs[name].effect}>
        {limitSpecs[name].label}
      </span>
      <TextField
        label={`${limitSpecs[name].label} for this run`}
        isLabelHidden
        isMono
        value={text ?? ''}
        placeholder={baseText}
        error={errors[`limits.${name}`]}
        onChange={set}
      />
      <span className={styles.base}>
        {isChanged ? `policy: ${baseText}` : props.source === 'module' ? 'module override' : 'from policy'}
      </span>
    </div>
  );
}

function policySummary(policy: Policy): string {
  return `${formatLimit('timeMs', policy.limits.timeMs)}, ${formatLimit('memoryBytes', policy.limits.memoryBytes)}`;
}
