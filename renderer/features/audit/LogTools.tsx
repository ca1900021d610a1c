import { BadgeCheck, FileOutput, Signature } from 'lucide-react';
import { useState } from 'react';
import type { Failure } from '../../../shared/result.ts';
import { useBridge } from '../../bridge/context.ts';
import { useCommands } from '../../lib/commands.ts';
import { formatCount } from '../../lib/format.ts';
import { Button } from '../../ui/Button.tsx';
import { FailureNotice } from '../../ui/Notice.tsx';
import { toastDone } from '../../ui/Toasts.tsx';
import { ExportDialog } from './ExportDialog.tsx';
import styles from './LogTools.module.css';
import { useVerification } from './use-verification.ts';

/** What can be done with the log as a whole. */
export function LogTools(props: { filter: string; matched: number; total: number; selected: number | null }) {
  const { client } = useBridge();
  const { verification, start } = useVerification();
  const [isExporting, setExporting] = useState(false);
  const [failure, setFailure] = useState<Failure>();
  const sign = async () => {
    const signed = await client.audit.checkpoint({});
    setFailure(signed.ok ? undefined : signed.error);
    if (signed.ok)
      toastDone(
        'Checkpoint signed',
        `${formatCount(signed.value.size)} entries, root ${signed.value.root.slice(0, 12)}…`,
      );
  };
  const blocked = verification?.state === 'running' ? 'It is being verified now' : undefined;
  useCommands([
    { id: 'audit.verify', title: 'Verify the log', group: 'Audit', blocked, run: start },
    { id: 'audit.checkpoint', title: 'Sign the log as it is now', group: 'Audit', run: () => void sign() },
    { id: 'audit.export', title: 'Export entries…', group: 'Audit', run: () => setExporting(true) },
  ]);
  return (
    <>
      <div className={styles.tools}>
        <Button
          icon={BadgeCheck}
          isDisabled={blocked !== undefined}
          reason={blocked}
          label="Check every line, hash and checkpoint"
          onClick={start}
        >
          Verify
        </Button>
        <Button kind="quiet" icon={Signature} label="Sign the log as it is now" onClick={() => void sign()}>
          Sign
        </Button>
        <Button kind="quiet" icon={FileOutput} onClick={() => setExporting(true)}>
          Export…
        </Button>
      </div>
      {failure !== undefined && (
        <FailureNotice failure={failure} notDone="The log was not signed; its older checkpoints stand." />
      )}
      {isExporting && <ExportDialog {...props} onClose={() => setExporting(false)} />}
    </>
  );
}
