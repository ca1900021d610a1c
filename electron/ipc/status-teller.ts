import type { SystemStatus } from '../../shared/contract/system.ts';
import { readStatus } from './handlers/system.ts';
import type { Rooms } from './ports.ts';

/** At most ten times a second, however many entries and runs there are. */
const PERIOD_MS = 100;

/** Publishes what the status bar shows whenever it has changed. Returns how to stop. */
export function tellStatus(rooms: Rooms): () => void {
  let told: SystemStatus | null = null;
  let timer: ReturnType<typeof setTimeout> | undefined;

  const tell = (): void => {
    timer = undefined;
    const status = readStatus(rooms);
    const { entries, head } = status.ledger;
    if (entries !== told?.ledger.entries) rooms.events.publish('ledger.appended', { entries, head });
    if (JSON.stringify(status) !== JSON.stringify(told)) rooms.events.publish('system.changed', status);
    told = status;
  };
  const tellSoon = (): void => {
    timer ??= setTimeout(tell, PERIOD_MS);
  };

  const stopLedger = rooms.ledger.onAppend(tellSoon);
  const stopVerification = rooms.ledger.verification.onChange((state) =>
    rooms.events.publish('verification.changed', state),
  );
  const stopVault = rooms.vault.onChange(tellSoon);
  const stopEvents = rooms.events.subscribe(rooms.events.seq(), ({ name }) => {
    if (name === 'run.changed') tellSoon();
  });
  return () => {
    clearTimeout(timer);
    stopLedger();
    stopVerification();
    stopVault();
    stopEvents();
  };
}
