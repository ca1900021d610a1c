import { useQuery } from '@tanstack/react-query';
import { RotateCcw } from 'lucide-react';
import { useState } from 'react';
import type { Resolution } from '../../../shared/contract/policies.ts';
import { type LimitName, type LimitsPatch, limitSpecs } from '../../../shared/model/limits.ts';
import type { ModuleOverride, Policy } from '../../../shared/model/policy.ts';
import type { ModuleDigest } from '../../../shared/model/scalars.ts';
import type { Failure } from '../../../shared/result.ts';
import { useBridge } from '../../bridge/context.ts';
import { queries, useModules, usePolicies } from '../../bridge/queries.ts';
import { plural } from '../../lib/format.ts';
import { useHashParam } from '../../lib/hash-route.ts';
import { formatLimit, readLimit } from '../../lib/limit-text.ts';
import { Button } from '../../ui/Button.tsx';
import { Choice } from '../../ui/Choice.tsx';
import { Empty, Loading } from '../../ui/Empty.tsx';
import { TextField } from '../../ui/Field.tsx';
import { Hash } from '../../ui/Hash.tsx';
import { FailureNotice } from '../../ui/Notice.tsx';
import { toastUndo } from '../../ui/Toasts.tsx';
import styles from './LadderTab.module.css';
import { limitNames } from './policy-draft.ts';

const LISTED = 300;

/** For one module: engine, policy, module; the value that wins is marked. Overrides are bound to the digest. */
export function LadderTab(props: { overrides: readonly ModuleOverride[] }) {
  const { data: modules } = useModules();
  const { data: policies } = usePolicies();
  const [param, setParam] = useHashParam('module');
  if (modules === undefined || policies === undefined) return <Loading what="modules" />;
  const overridden = new Set<string>(props.overrides.map((override) => override.module));
  const chosen =
    modules.find((module) => module.sha256 === param) ??
    modules.find((module) => overridden.has(module.sha256)) ??
    modules[0];
  if (chosen === undefined) return <Empty title="No modules yet">Load one to see which limits it gets.</Empty>;
  const option = (module: (typeof modules)[number]) => ({
    value: module.sha256,
    label: module.name,
    note: module.sha256.slice(0, 8),
  });
  const others = modules.filter((module) => !overridden.has(module.sha256));
  return (
    <div className={styles.ladder}>
      <div className={styles.pick}>
        <Choice
          label="Module"
          value={chosen.sha256}
          groups={[
            {
              label: 'With own limits',
              options: modules.filter((module) => overridden.has(module.sha256)).map(option),
            },
            { label: 'As their policy says', options: others.slice(0, LISTED).map(option) },
          ]}
          onChange={setParam}
        />
        <Hash hash={chosen.sha256} isCopyable />
      </div>
      <Ladder
        key={chosen.sha256}
        module={chosen.sha256}
        override={props.overrides.find((one) => one.module === chosen.sha256)}
        policies={policies.policies}
      />
    </div>
  );
}

function Ladder(props: { module: ModuleDigest; override: ModuleOverride | undefined; policies: readonly Policy[] }) {
  const { module, override } = props;
  const { client } = useBridge();
  const { data: resolution } = useQuery(queries.resolution(client, module));
  const [failure, setFailure] = useState<Failure>();
  if (resolution === undefined) return <Loading what="the limits" />;
  const policy = props.policies.find((one) => one.name === resolution.policy);
  const write = async (limits: LimitsPatch, isUndo = false) => {
    const before = override?.limits ?? {};
    const isEmpty =
      Object.keys(limits).length === 0 && (override?.grants.length ?? 0) === 0 && (override?.policy ?? null) === null;
    const next = isEmpty ? null : { limits, grants: override?.grants ?? [], policy: override?.policy ?? null };
    const saved = await client.policies.override({ module, override: next });
    setFailure(saved.ok ? undefined : saved.error);
    if (saved.ok && !isUndo) toastUndo('Changed the limits of the module', () => void write(before, true));
  };
  const own = Object.keys(override?.limits ?? {}).length;
  return (
    <>
      {failure !== undefined && <FailureNotice failure={failure} notDone="The module keeps the limits it had." />}
      <table className={styles.table}>
        <thead>
          <tr>
            <th scope="col">Limit</th>
            <th scope="col">Engine, at most</th>
            <th scope="col">Policy {resolution.policy}</th>
            <th scope="col">This module</th>
            <th scope="col">In force</th>
          </tr>
        </thead>
        <tbody>
          {limitNames.map((name) => (
            <Rung
              key={`${name} ${override?.limits[name] ?? ''}`}
              name={name}
              policy={policy}
              override={override}
              resolution={resolution}
              onSet={(value) => {
                const { [name]: _before, ...others } = override?.limits ?? {};
                void write(value === undefined ? others : { ...others, [name]: value });
              }}
            />
          ))}
        </tbody>
      </table>
      {own > 0 && (
        <Button icon={RotateCcw} onClick={() => void write({})}>
          Back to the policy: {plural(own, 'own limit')}
        </Button>
      )}
    </>
  );
}

function Rung(props: {
  name: LimitName;
  policy: Policy | undefined;
  override: ModuleOverride | undefined;
  resolution: Resolution;
  onSet: (value: number | string | null | undefined) => void;
}) {
  const { name, resolution } = props;
  const own = props.override?.limits[name];
  const [text, setText] = useState(own === undefined ? '' : formatLimit(name, own));
  const winner = resolution.sources[name];
  const read = text.trim() === '' ? undefined : readLimit(name, text);
  const error = read?.ok === false ? read.error : undefined;
  const isSame = read === undefined ? own === undefined : read.ok && read.value === own;
  const commit = () => {
    if (isSame || error !== undefined) return;
    props.onSet(read?.ok ? read.value : undefined);
  };
  const mark = (source: string) => winner === source || undefined;
  return (
    <tr>
      <th scope="row">{limitSpecs[name].label}</th>
      <td data-wins={mark('engine')}>{name === 'fuel' ? '2⁶³' : formatLimit(name, Number(limitSpecs[name].max))}</td>
      <td data-wins={mark('policy')}>
        {props.policy === undefined ? '' : formatLimit(name, props.policy.limits[name])}
      </td>
      <td data-wins={mark('module')}>
        {/* biome-ignore lint/a11y/noStaticElementInteractions: leaving the field inside is what applies it */}
        <div className={styles.own} onBlur={commit}>
          <TextField
            label={`${limitSpecs[name].label} of this module`}
            isLabelHidden
            isMono
            placeholder="as policy"
            value={text}
            error={error}
            onChange={setText}
            onEnter={commit}
          />
        </div>
      </td>
      <td>
        <b>{formatLimit(name, resolution.limits[name])}</b> <span>{SOURCES[winner ?? 'policy']}</span>
      </td>
    </tr>
  );
}

const SOURCES = { engine: 'engine', policy: 'policy', module: 'this module', run: 'this run' };
