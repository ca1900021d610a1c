import { Autocomplete } from '@base-ui/react/autocomplete';
import { Dialog } from '@base-ui/react/dialog';
import { useQueryClient } from '@tanstack/react-query';
import { useMemo, useState } from 'react';
import type { ModuleSummary } from '../../shared/model/module-report.ts';
import type { RunRecord } from '../../shared/model/run.ts';
import { type Command, searchCommands, useCommandList } from '../lib/commands.ts';
import { shortHash } from '../lib/format.ts';
import { navigate } from '../lib/hash-route.ts';
import { describeRun } from '../lib/outcome.ts';
import { Keys } from '../ui/Keys.tsx';
import styles from './Palette.module.css';

const SHOWN = 60;

/** Everything that can be done or gone to, by typing. */
export function Palette(props: { isOpen: boolean; onClose: () => void }) {
  return (
    <Dialog.Root open={props.isOpen} onOpenChange={(isOpen) => !isOpen && props.onClose()}>
      <Dialog.Portal>
        <Dialog.Backdrop className={styles.backdrop} />
        <Dialog.Popup className={styles.popup} aria-label="Command palette">
          <PaletteBody onClose={props.onClose} />
        </Dialog.Popup>
      </Dialog.Portal>
    </Dialog.Root>
  );
}

function PaletteBody(props: { onClose: () => void }) {
  const commands = useCommandList();
  const places = usePlaces();
  const [text, setText] = useState('');
  const hits = useMemo(
    () => searchCommands([...commands.filter((one) => one.id !== 'palette.open'), ...places], text).slice(0, SHOWN),
    [commands, places, text],
  );
  const choose = (command: Command) => {
    if (command.blocked !== undefined) return;
    props.onClose();
    command.run();
  };
  return (
    <Autocomplete.Root
      inline
      open
      items={hits}
      filter={null}
      autoHighlight="always"
      value={text}
      onValueChange={setText}
      itemToStringValue={(command: Command) => command.title}
    >
      <Autocomplete.Input
        className={styles.input}
        placeholder="Type a command, a module or a run"
        aria-label="Search"
      />
      {hits.length === 0 && <p className={styles.none}>Nothing matches “{text}”.</p>}
      <Autocomplete.List className={styles.list}>
        {(command: Command) => (
          <Autocomplete.Item
            key={command.id}
            value={command}
            className={styles.item}
            disabled={command.blocked !== undefined}
            onClick={() => choose(command)}
          >
            <span className={styles.group}>{command.group}</span>
            <span className={styles.title}>
              <bdi>{command.title}</bdi>
              {command.blocked !== undefined && <span className={styles.blocked}>{command.blocked}</span>}
            </span>
            {command.shortcut !== undefined && <Keys shortcut={command.shortcut} />}
          </Autocomplete.Item>
        )}
      </Autocomplete.List>
    </Autocomplete.Root>
  );
}

/** Modules and runs that the window has heard of, as places to go to. */
function usePlaces(): Command[] {
  const queryClient = useQueryClient();
  return useMemo(() => {
    const modules = queryClient.getQueryData<ModuleSummary[]>(['modules', 'list']) ?? [];
    const runs = queryClient.getQueryData<RunRecord[]>(['runs', 'list', 'all']) ?? [];
    return [
      ...modules.map((module) => ({
        id: `module.${module.sha256}`,
        title: module.name,
        group: 'Module',
        keywords: module.sha256,
        run: () => navigate(`/modules/${module.sha256}`),
      })),
      ...runs.map((run) => ({
        id: run.runId,
        title: `${run.moduleName}: ${describeRun(run).word}`,
        group: 'Run',
        keywords: `${run.runId} ${shortHash(run.module)}`,
        run: () => navigate(`/runs/${run.runId}`),
      })),
    ];
  }, [queryClient]);
}
