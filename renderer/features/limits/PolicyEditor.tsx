import { Copy, Download, Trash2 } from 'lucide-react';
import { useState } from 'react';
import { allCapabilities } from '../../../shared/model/capability.ts';
import { type LimitName, type Limits, limitSpecs } from '../../../shared/model/limits.ts';
import type { Policy } from '../../../shared/model/policy.ts';
import { useRuns } from '../../bridge/queries.ts';
import { formatCount, plural } from '../../lib/format.ts';
import { formatLimit } from '../../lib/limit-text.ts';
import { saveFile } from '../../lib/save-file.ts';
import { Button } from '../../ui/Button.tsx';
import { Check } from '../../ui/Check.tsx';
import { TextField } from '../../ui/Field.tsx';
import { Notice } from '../../ui/Notice.tsx';
import { previewEffect } from './effect.ts';
import styles from './PolicyEditor.module.css';
import { draftOfPolicy, freeName, limitNames, readDraft } from './policy-draft.ts';
import { writePolicyFile } from './policy-file.ts';
import type { PolicyActions } from './use-policy-actions.ts';

/** One policy in full: every limit with its range and what happens at it. Built-in ones can be read, own ones changed. */
export function PolicyEditor(props: {
  policy: Policy;
  isActive: boolean;
  names: readonly string[];
  actions: PolicyActions;
  onRenamed: (name: string | null) => void;
}) {
  const { policy, actions } = props;
  const [draft, setDraft] = useState(() => draftOfPolicy(policy));
  const read = readDraft(draft, []);
  const errors = read.ok ? {} : read.errors;
  const isChanged = JSON.stringify(draft) !== JSON.stringify(draftOfPolicy(policy));
  const save = () => {
    if (read.ok) void actions.save({ ...policy, limits: read.limits, grants: [...draft.grants] });
  };
  const duplicate = () => {
    const name = freeName(`${policy.name} copy`, props.names);
    void actions.save({ ...policy, name, isBuiltIn: false }).then((isDone) => isDone && props.onRenamed(name));
  };
  return (
    <section className={styles.editor} aria-label={`Policy ${policy.name}`}>
      <header className={styles.head}>
        <h2>
          <bdi>{policy.name}</bdi>
        </h2>
        {!props.isActive && (
          <Button kind="primary" onClick={() => void actions.activate(policy.name)}>
            Use for runs
          </Button>
        )}
        <Button
          kind="quiet"
          icon={Download}
          label="Export as JSON"
          onClick={() => saveFile(new Blob([writePolicyFile(policy)]), `${policy.name}.policy.json`)}
        />
        {!policy.isBuiltIn && (
          <Button
            kind="quiet"
            icon={Trash2}
            label={`Remove ${policy.name}`}
            onClick={() => void actions.remove(policy).then((isDone) => isDone && props.onRenamed(null))}
          />
        )}
      </header>
      <div className={styles.body}>
        {policy.isBuiltIn && (
          <Notice>
            Built in, so it stays as it is.{' '}
            <Button kind="quiet" icon={Copy} onClick={duplicate}>
              Duplicate it to change it
            </Button>
          </Notice>
        )}
        <table className={styles.table}>
          <thead>
            <tr>
              <th scope="col">Limit</th>
              <th scope="col">Value</th>
              <th scope="col">Range</th>
              <th scope="col">At the limit</th>
            </tr>
          </thead>
          <tbody>
            {limitNames.map((name) => (
              <LimitRow
                key={name}
                name={name}
                text={draft.limits[name]}
                isReadOnly={policy.isBuiltIn}
                error={errors[name]}
                onChange={(text) => setDraft({ ...draft, limits: { ...draft.limits, [name]: text } })}
              />
            ))}
          </tbody>
        </table>
        <fieldset className={styles.grants}>
          <legend>Granted</legend>
          {allCapabilities.map((capability) => (
            <Check
              key={capability}
              label={capability}
              isChecked={draft.grants.includes(capability)}
              isDisabled={policy.isBuiltIn}
              onChange={(isChecked) =>
                setDraft({
                  ...draft,
                  grants: allCapabilities.filter((one) =>
                    one === capability ? isChecked : draft.grants.includes(one),
                  ),
                })
              }
            />
          ))}
        </fieldset>
      </div>
      {isChanged && (
        <footer className={styles.foot}>
          {read.ok ? (
            <EffectLine policy={policy.name} limits={read.limits} />
          ) : (
            <span>{plural(Object.keys(errors).length, 'value')} to correct</span>
          )}
          <Button onClick={() => setDraft(draftOfPolicy(policy))}>Discard</Button>
          <Button kind="primary" isDisabled={!read.ok} onClick={save}>
            Save
          </Button>
        </footer>
      )}
    </section>
  );
}

function LimitRow(props: {
  name: LimitName;
  text: string;
  isReadOnly: boolean;
  error: string | undefined;
  onChange: (text: string) => void;
}) {
  const spec = limitSpecs[props.name];
  const bound = (value: bigint) => (spec.unit === 'fuel' ? formatCount(value) : formatLimit(props.name, Number(value)));
  return (
    <tr>
      <th scope="row">{spec.label}</th>
      <td>
        {props.isReadOnly ? (
          <code>{props.text}</code>
        ) : (
          <TextField
            label={spec.label}
            isLabelHidden
            isMono
            value={props.text}
            error={props.error}
            onChange={props.onChange}
          />
        )}
      </td>
      <td className={styles.range}>
        {spec.unit === 'fuel' ? '1 to 2⁶³, or none' : `${bound(spec.min)} to ${bound(spec.max)}`}
      </td>
      <td className={styles.effect}>{spec.effect}</td>
    </tr>
  );
}

/** Who the change touches, before it is saved. */
function EffectLine(props: { policy: string; limits: Limits }) {
  const { data: runs } = useRuns();
  const effect = previewEffect(runs ?? [], props.policy, props.limits);
  const [first] = effect.wouldFail;
  return (
    <p className={styles.preview} role="status">
      {plural(effect.modules, 'module')} ran under it, {plural(effect.running, 'run')} going on (they keep their
      limits).{' '}
      {first === undefined ? (
        'No recent run would have ended otherwise.'
      ) : (
        <b>
          {plural(effect.wouldFail.length, 'recent run')} would have hit a limit, as{' '}
          <a href={`#/runs/${first.run.runId}`}>{first.run.moduleName}</a> its {first.limit}.
        </b>
      )}
    </p>
  );
}
