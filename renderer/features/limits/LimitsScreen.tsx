import { Gauge, Plus, Upload } from 'lucide-react';
import { useState } from 'react';
import type { Policy } from '../../../shared/model/policy.ts';
import type { Failure } from '../../../shared/result.ts';
import { usePolicies } from '../../bridge/queries.ts';
import { useCommands } from '../../lib/commands.ts';
import { asFailure } from '../../lib/failure.ts';
import { formatCount } from '../../lib/format.ts';
import { useHashParam } from '../../lib/hash-route.ts';
import { Button } from '../../ui/Button.tsx';
import { Empty, Loading } from '../../ui/Empty.tsx';
import { FailureNotice } from '../../ui/Notice.tsx';
import { Split } from '../../ui/Split.tsx';
import { Tabs } from '../../ui/Tabs.tsx';
import { LadderTab } from './LadderTab.tsx';
import styles from './LimitsScreen.module.css';
import { PolicyCard } from './PolicyCard.tsx';
import { PolicyEditor } from './PolicyEditor.tsx';
import { freeName } from './policy-draft.ts';
import { choosePolicyFile } from './policy-file.ts';
import { usePolicyActions } from './use-policy-actions.ts';

/** Policies as cards, one of them in full; and for each module, which value wins and why. */
export function LimitsScreen() {
  const { data, error } = usePolicies();
  const [tab, setTab] = useHashParam('tab');
  if (error !== null) {
    return (
      <div className={styles.failed}>
        <FailureNotice failure={asFailure(error)} notDone="The policies could not be read." />
      </div>
    );
  }
  if (data === undefined) return <Loading what="policies" />;
  return (
    <div className={styles.screen}>
      <header className={styles.head}>
        <h1>Limits</h1>
        <p>
          What a run may use and do. A run gets the policy <b>{data.active}</b> unless it names another.
        </p>
      </header>
      <Tabs
        label="Limits"
        className={styles.tabs}
        value={tab === 'modules' ? 'modules' : 'policies'}
        onChange={setTab}
        tabs={[
          {
            id: 'policies',
            label: 'Policies',
            count: formatCount(data.policies.length),
            panel: () => <Policies active={data.active} policies={data.policies} />,
          },
          {
            id: 'modules',
            label: 'By module',
            count: formatCount(data.overrides.length),
            panel: () => <LadderTab overrides={data.overrides} />,
          },
        ]}
      />
    </div>
  );
}

function Policies(props: { active: string; policies: readonly Policy[] }) {
  const { policies } = props;
  const [chosen, setChosen] = useHashParam('policy');
  const [failure, setFailure] = useState<Failure>();
  const actions = usePolicyActions(props, setFailure);
  const shown =
    policies.find((policy) => policy.name === chosen) ?? policies.find((policy) => policy.name === props.active);
  const names = policies.map((policy) => policy.name);
  const duplicate = (policy: Policy) => {
    const name = freeName(`${policy.name} copy`, names);
    void actions.save({ ...policy, name, isBuiltIn: false }).then((isDone) => isDone && setChosen(name));
  };
  const importFile = () =>
    choosePolicyFile((read) => {
      if (!read.ok) return setFailure(read.error);
      const name = freeName(read.value.name, names);
      void actions.save({ ...read.value, name }).then((isDone) => isDone && setChosen(name));
    });
  useCommands([
    { id: 'policy.import', title: 'Import a policy…', group: 'Limits', run: importFile },
    ...policies.map((policy) => ({
      id: `policy.use.${policy.name}`,
      title: `Use the policy ${policy.name}`,
      group: 'Limits',
      blocked: policy.name === props.active ? 'in use' : undefined,
      run: () => void actions.activate(policy.name),
    })),
  ]);
  return (
    <Split
      label="Width of the policies"
      startSize="32%"
      startMin="16rem"
      endMin="26rem"
      start={
        <div className={styles.cards}>
          {failure !== undefined && <FailureNotice failure={failure} notDone="Nothing was changed." />}
          <ul>
            {policies.map((policy) => (
              <PolicyCard
                key={policy.name}
                policy={policy}
                isActive={policy.name === props.active}
                isShown={policy.name === shown?.name}
                onShow={() => setChosen(policy.name)}
              />
            ))}
          </ul>
          <div className={styles.more}>
            {shown !== undefined && (
              <Button icon={Plus} onClick={() => duplicate(shown)}>
                Duplicate {shown.name}
              </Button>
            )}
            <Button kind="quiet" icon={Upload} onClick={importFile}>
              Import…
            </Button>
          </div>
        </div>
      }
      end={
        shown === undefined ? (
          <Empty icon={Gauge} title="No policy chosen" />
        ) : (
          <PolicyEditor
            key={shown.name}
            policy={shown}
            isActive={shown.name === props.active}
            names={names}
            actions={actions}
            onRenamed={setChosen}
          />
        )
      }
    />
  );
}
