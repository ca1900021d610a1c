import type { ModuleDigest } from '../../../shared/model/scalars.ts';
import { useModules } from '../../bridge/queries.ts';
import { asFailure } from '../../lib/failure.ts';
import { Loading } from '../../ui/Empty.tsx';
import { HiddenTitle } from '../../ui/HiddenTitle.tsx';
import { FailureNotice } from '../../ui/Notice.tsx';
import { Split } from '../../ui/Split.tsx';
import { Arrivals } from './Arrivals.tsx';
import { useModuleStore } from './context.ts';
import { Inspector } from './Inspector.tsx';
import { ModuleList } from './ModuleList.tsx';
import styles from './ModulesScreen.module.css';
import type { ModuleState } from './store.ts';
import { Welcome } from './Welcome.tsx';

const selectHasArrivals = (state: ModuleState) => state.arrivals.length > 0;

/** The list of loaded modules, and the inspector beside it for the one in the route. */
export function ModulesScreen(props: { selected: ModuleDigest | null }) {
  const { data: modules, error, isPending } = useModules();
  const hasArrivals = useModuleStore(selectHasArrivals);
  if (isPending) return <Loading what="modules" />;
  if (error !== null) {
    return (
      <div className={styles.failed}>
        <FailureNotice
          failure={asFailure(error)}
          notDone="The list of modules could not be read."
          next="Reload the window to try again."
        />
      </div>
    );
  }
  if (modules.length === 0 && props.selected === null) {
    return (
      <div className={styles.screen}>
        {hasArrivals && <Arrivals />}
        <Welcome />
      </div>
    );
  }
  const list = (
    <div className={styles.screen}>
      {props.selected === null && <HiddenTitle>Modules</HiddenTitle>}
      {hasArrivals && <Arrivals />}
      <ModuleList modules={modules} selected={props.selected} />
    </div>
  );
  if (props.selected === null) return list;
  return (
    <Split
      label="Width of the list"
      startSize="36%"
      startMin="17rem"
      endMin="24rem"
      start={list}
      end={<Inspector key={props.selected} sha256={props.selected} />}
    />
  );
}
