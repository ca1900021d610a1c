import { Play, Trash2, X } from 'lucide-react';
import { useLocation } from 'wouter';
import type { ModuleRecord } from '../../../shared/model/module-report.ts';
import type { ModuleDigest } from '../../../shared/model/scalars.ts';
import { useBridge } from '../../bridge/context.ts';
import { useModule } from '../../bridge/queries.ts';
import { useCommands } from '../../lib/commands.ts';
import { asFailure } from '../../lib/failure.ts';
import { formatBytes, formatCount, formatMoment } from '../../lib/format.ts';
import { useHashParam } from '../../lib/hash-route.ts';
import { Button } from '../../ui/Button.tsx';
import { Loading } from '../../ui/Empty.tsx';
import { Hash } from '../../ui/Hash.tsx';
import { FailureNotice, Notice } from '../../ui/Notice.tsx';
import { type TabSpec, Tabs } from '../../ui/Tabs.tsx';
import { CompareTab } from './CompareTab.tsx';
import { ExportsTab } from './ExportsTab.tsx';
import { FeaturesTab } from './FeaturesTab.tsx';
import { HashTab } from './HashTab.tsx';
import { HexTab } from './HexTab.tsx';
import { ImportsTab } from './ImportsTab.tsx';
import styles from './Inspector.module.css';
import { SectionsTab } from './SectionsTab.tsx';

const TAB_IDS = ['imports', 'exports', 'sections', 'features', 'hex', 'hash', 'compare'] as const;
type TabId = (typeof TAB_IDS)[number];

/** Everything known of one module without running it. */
export function Inspector(props: { sha256: ModuleDigest }) {
  const { data: record, error } = useModule(props.sha256);
  const [, go] = useLocation();
  if (error !== null) {
    return (
      <div className={styles.failed}>
        <FailureNotice
          failure={asFailure(error)}
          notDone="The module could not be shown."
          next="Drop its file again to load it."
        >
          <Button kind="quiet" onClick={() => go('/modules')}>
            Back to the list
          </Button>
        </FailureNotice>
      </div>
    );
  }
  if (record === undefined) return <Loading what="the module" />;
  return <LoadedInspector record={record} />;
}

function LoadedInspector(props: { record: ModuleRecord }) {
  const { record } = props;
  const [tab, setTab] = useHashParam('tab');
  const current = TAB_IDS.find((id) => id === tab) ?? 'imports';
  const { report } = record;
  const tabs: TabSpec<TabId>[] = [
    {
      id: 'imports',
      label: 'Imports',
      count: formatCount(report.imports.length),
      panel: () => <ImportsTab record={record} />,
    },
    {
      id: 'exports',
      label: 'Exports',
      count: formatCount(report.exports.length),
      panel: () => <ExportsTab record={record} />,
    },
    {
      id: 'sections',
      label: 'Sections',
      count: formatCount(report.sections.length),
      panel: () => <SectionsTab record={record} />,
    },
    {
      id: 'features',
      label: 'Features',
      count: formatCount(report.features.length),
      panel: () => <FeaturesTab record={record} />,
    },
    { id: 'hex', label: 'Hex', panel: () => <HexTab record={record} /> },
    { id: 'hash', label: 'Hash', panel: () => <HashTab record={record} /> },
    { id: 'compare', label: 'Compare', panel: () => <CompareTab record={record} /> },
  ];
  return (
    <article className={styles.inspector} aria-label={`Module ${record.name}`}>
      <InspectorHead record={record} />
      <Tabs label="Parts of the module" tabs={tabs} value={current} onChange={setTab} className={styles.tabs} />
    </article>
  );
}

function InspectorHead(props: { record: ModuleRecord }) {
  const { record } = props;
  const { client } = useBridge();
  const [, go] = useLocation();
  const run = () => go(`/runs/new/${record.sha256}`);
  const forget = async () => {
    const removed = await client.modules.remove({ sha256: record.sha256 });
    if (removed.ok) go('/modules');
  };
  useCommands([
    { id: 'module.run', title: `Run ${record.name}…`, group: 'Module', shortcut: 'Mod+Enter', run },
    {
      id: 'module.copy-hash',
      title: 'Copy SHA-256 of the module',
      group: 'Module',
      shortcut: 'Mod+Shift+C',
      run: () => void navigator.clipboard.writeText(record.sha256),
    },
    { id: 'module.close', title: 'Close the inspector', group: 'Module', run: () => go('/modules') },
  ]);
  return (
    <header className={styles.head}>
      <div className={styles.titleRow}>
        <h1 title={record.name}>
          <bdi>{record.name}</bdi>
        </h1>
        <Button kind="primary" icon={Play} shortcut="Mod+Enter" label="Choose inputs and run" onClick={run}>
          Run…
        </Button>
        <Button
          kind="quiet"
          icon={Trash2}
          label="Forget module and its bytes; its log entries stay"
          onClick={() => void forget()}
        />
        <Button kind="quiet" icon={X} label="Close" onClick={() => go('/modules')} />
      </div>
      <Hash hash={record.sha256} isWhole isCopyable />
      <dl className={styles.facts}>
        <Fact label="Size">{formatBytes(record.sizeBytes)}</Fact>
        <Fact label="Kind">{SHAPES[record.report.shape]}</Fact>
        <Fact label="Functions">{formatCount(record.report.counts.functions)}</Fact>
        <Fact label="Code">{formatBytes(record.report.counts.codeBytes)}</Fact>
        {record.report.hasStart && <Fact label="Start section">runs at load</Fact>}
        <Fact label="First seen">{formatMoment(record.firstSeen)}</Fact>
      </dl>
      {record.denial !== null && <Notice tone="warning">It will be denied: {record.denial}.</Notice>}
    </header>
  );
}

const SHAPES = { command: 'WASI program', reactor: 'WASI reactor', library: 'Library' } as const;

function Fact(props: { label: string; children: React.ReactNode }) {
  return (
    <div>
      <dt>{props.label}</dt>
      <dd>{props.children}</dd>
    </div>
  );
}
