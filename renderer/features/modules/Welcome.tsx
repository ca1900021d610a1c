import { useQuery } from '@tanstack/react-query';
import { FileDown, FolderOpen, Play, ShieldAlert } from 'lucide-react';
import type { SampleInfo } from '../../../shared/contract/modules.ts';
import { useBridge } from '../../bridge/context.ts';
import { queries } from '../../bridge/queries.ts';
import { Button } from '../../ui/Button.tsx';
import { FailureNotice } from '../../ui/Notice.tsx';
import { useModuleActions } from './use-module-actions.ts';
import { useSampleRun } from './use-sample-run.ts';
import styles from './Welcome.module.css';

/** The first thing one sees: where to drop, and samples that run in one click. */
export function Welcome() {
  const { openDialog } = useModuleActions();
  const { client } = useBridge();
  const { data: samples } = useQuery(queries.samples(client));
  const { runSample, failure, busy } = useSampleRun();
  return (
    <div className={styles.welcome}>
      <div className={styles.zone}>
        <FileDown size={26} strokeWidth={1.5} aria-hidden />
        <h1>Drop a .wasm file</h1>
        <p>It is hashed and taken apart. Nothing of it is executed until you say so.</p>
        <Button
          kind="primary"
          icon={FolderOpen}
          shortcut="Mod+O"
          label="Open wasm files to inspect"
          onClick={openDialog}
        >
          Open…
        </Button>
      </div>
      {samples !== undefined && samples.length > 0 && (
        <section className={styles.samples} aria-labelledby="samples-title">
          <h2 id="samples-title">Or run a sample</h2>
          <ul>
            {samples.map((sample) => (
              <SampleCard
                key={sample.name}
                sample={sample}
                isBusy={busy === sample.name}
                onRun={() => void runSample(sample)}
              />
            ))}
          </ul>
        </section>
      )}
      {failure !== undefined && <FailureNotice failure={failure} notDone="The sample did not run." />}
    </div>
  );
}

function SampleCard(props: { sample: SampleInfo; isBusy: boolean; onRun: () => void }) {
  const { sample } = props;
  return (
    <li className={styles.card}>
      <h3>
        {sample.title}
        {sample.isHostile && (
          <span className={styles.hostile}>
            <ShieldAlert size={13} aria-hidden /> hostile
          </span>
        )}
      </h3>
      <p>{sample.description}</p>
      <div className={styles.foot}>
        <code>{sample.name}</code>
        <Button icon={Play} isDisabled={props.isBusy} onClick={props.onRun}>
          Run
        </Button>
      </div>
    </li>
  );
}
