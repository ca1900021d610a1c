import { lazy, Suspense, useState } from 'react';
import { Redirect, Route, Switch } from 'wouter';
import type { KeyId, ModuleDigest, RunId } from '../../shared/model/scalars.ts';
import { ModulesScreen } from '../features/modules/ModulesScreen.tsx';
import { ReceiptCard } from '../features/receipts/ReceiptCard.tsx';
import { Empty, Loading } from '../ui/Empty.tsx';
import { HiddenTitle } from '../ui/HiddenTitle.tsx';
import { Connection } from './Connection.tsx';
import { DropTarget } from './DropTarget.tsx';
import { FirstSteps } from './FirstSteps.tsx';
import styles from './Frame.module.css';
import { Navigation } from './Navigation.tsx';
import { Palette } from './Palette.tsx';
import { ShortcutSheet } from './ShortcutSheet.tsx';
import { StatusBar } from './StatusBar.tsx';
import { TopBar } from './TopBar.tsx';
import { useShellCommands } from './use-shell-commands.ts';
import { useShortcuts } from './use-shortcuts.ts';

const RunsScreen = lazy(() => import('../features/runs/RunsScreen.tsx').then((m) => ({ default: m.RunsScreen })));
const RunScreen = lazy(() => import('../features/runs/RunScreen.tsx').then((m) => ({ default: m.RunScreen })));
const LimitsScreen = lazy(() =>
  import('../features/limits/LimitsScreen.tsx').then((m) => ({ default: m.LimitsScreen })),
);
const AuditScreen = lazy(() => import('../features/audit/AuditScreen.tsx').then((m) => ({ default: m.AuditScreen })));
const KeysScreen = lazy(() => import('../features/keys/KeysScreen.tsx').then((m) => ({ default: m.KeysScreen })));
const ReceiptsScreen = lazy(() =>
  import('../features/receipts/ReceiptsScreen.tsx').then((m) => ({ default: m.ReceiptsScreen })),
);
const SettingsScreen = lazy(() =>
  import('../features/settings/SettingsScreen.tsx').then((m) => ({ default: m.SettingsScreen })),
);

/** The window around the screens: top bar, navigation, status bar and what floats above them. */
export function Frame() {
  const [overlay, setOverlay] = useState<'palette' | 'shortcuts' | null>(null);
  useShellCommands({ openPalette: () => setOverlay('palette'), openShortcuts: () => setOverlay('shortcuts') });
  useShortcuts();
  return (
    <DropTarget>
      <div className={styles.frame}>
        <TopBar />
        <Navigation />
        <main className={styles.main} id="main">
          <Connection />
          <FirstSteps />
          <Suspense fallback={<Loading what="the screen" />}>
            <Screens />
          </Suspense>
        </main>
        <StatusBar />
      </div>
      <Palette isOpen={overlay === 'palette'} onClose={() => setOverlay(null)} />
      <ShortcutSheet isOpen={overlay === 'shortcuts'} onClose={() => setOverlay(null)} />
    </DropTarget>
  );
}

function Screens() {
  return (
    <Switch>
      <Route path="/">
        <Redirect to="/modules" replace />
      </Route>
      <Route path="/modules">
        <ModulesScreen selected={null} />
      </Route>
      <Route path="/modules/:sha256">{(params) => <ModulesScreen selected={params.sha256 as ModuleDigest} />}</Route>
      <Route path="/runs" component={RunsScreen} />
      <Route path="/runs/new/:sha256">
        {(params) => <RunScreen key={params.sha256} target={{ kind: 'new', module: params.sha256 as ModuleDigest }} />}
      </Route>
      <Route path="/runs/:runId">
        {(params) => (
          <RunScreen
            key={params.runId}
            target={{ kind: 'run', runId: params.runId as RunId }}
            renderReceipt={(run) => <ReceiptCard run={run} />}
          />
        )}
      </Route>
      <Route path="/keys">
        <KeysScreen selected={null} />
      </Route>
      <Route path="/keys/:keyId">{(params) => <KeysScreen selected={params.keyId as KeyId} />}</Route>
      <Route path="/limits" component={LimitsScreen} />
      <Route path="/audit" component={AuditScreen} />
      <Route path="/receipts">
        <ReceiptsScreen runId={null} />
      </Route>
      <Route path="/receipts/:runId">{(params) => <ReceiptsScreen runId={params.runId as RunId} />}</Route>
      <Route path="/settings" component={SettingsScreen} />
      <Route>
        <div>
          <HiddenTitle>Not found</HiddenTitle>
          <Empty title="There is nothing here">This link leads to no screen of the window.</Empty>
        </div>
      </Route>
    </Switch>
  );
}
