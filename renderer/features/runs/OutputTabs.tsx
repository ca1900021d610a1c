import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import type { RunRecord } from '../../../shared/model/run.ts';
import { useBridge } from '../../bridge/context.ts';
import { queries } from '../../bridge/queries.ts';
import { formatBytes, formatCount } from '../../lib/format.ts';
import { type TabSpec, Tabs } from '../../ui/Tabs.tsx';
import { BatchTable } from './BatchTable.tsx';
import { FilesPane } from './FilesPane.tsx';
import { OutputPane } from './OutputPane.tsx';
import styles from './OutputTabs.module.css';
import { TrapPane } from './TrapPane.tsx';

type TabId = 'stdout' | 'stderr' | 'trap' | 'files' | 'batch';

/** What came out of the guest. The tab that matters most is shown first, until another is chosen. */
export function OutputTabs(props: { run: RunRecord }) {
  const { run } = props;
  const { client } = useBridge();
  const [chosen, setChosen] = useState<TabId | null>(null);
  const hasItems = run.state === 'ended' && (run.files.length > 0 || run.batchSize > 1);
  const { data: items } = useQuery({ ...queries.runItems(client, run.runId), enabled: hasItems });
  const trap = run.outcome?.trap;
  const tabs: TabSpec<TabId>[] = [
    {
      id: 'stdout',
      label: 'stdout',
      count: sizeLabel(run.stdoutBytes),
      panel: () => <OutputPane key="stdout" run={run} stream="stdout" />,
    },
    {
      id: 'stderr',
      label: 'stderr',
      count: sizeLabel(run.stderrBytes),
      panel: () => <OutputPane key="stderr" run={run} stream="stderr" />,
    },
    ...(trap === undefined
      ? []
      : [{ id: 'trap' as const, label: 'Trap', panel: () => <TrapPane run={run} trap={trap} /> }]),
    ...(run.files.length === 0
      ? []
      : [
          {
            id: 'files' as const,
            label: 'Files',
            count: formatCount(run.files.length),
            panel: () => <FilesPane run={run} items={items} />,
          },
        ]),
    ...(run.batchSize <= 1
      ? []
      : [
          {
            id: 'batch' as const,
            label: 'Batch',
            count: formatCount(run.batchSize),
            panel: () => <BatchTable items={items} />,
          },
        ]),
  ];
  const first: TabId =
    trap !== undefined
      ? 'trap'
      : run.batchSize > 1
        ? 'batch'
        : run.stdoutBytes === 0 && run.stderrBytes > 0
          ? 'stderr'
          : 'stdout';
  return <Tabs label="Output" tabs={tabs} value={chosen ?? first} onChange={setChosen} className={styles.tabs} />;
}

function sizeLabel(bytes: number): string | undefined {
  return bytes === 0 ? undefined : formatBytes(bytes);
}
