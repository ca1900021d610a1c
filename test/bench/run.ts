import { benchLedger } from './ledger.ts';
import { benchMetering } from './metering.ts';
import { benchRewriting } from './rewriting.ts';
import { benchRuns } from './runs.ts';

const benches: Readonly<Record<string, (only?: RegExp) => void | Promise<void>>> = {
  metering: benchMetering,
  rewriting: benchRewriting,
  ledger: benchLedger,
  runs: benchRuns,
};

const [wanted, only] = process.argv.slice(2);
if (wanted !== undefined && benches[wanted] === undefined) {
  console.error(`expected one of: ${Object.keys(benches).join(', ')}`);
  process.exit(2);
}
for (const [name, bench] of Object.entries(benches)) {
  if (wanted === undefined || wanted === name) await bench(only === undefined ? undefined : new RegExp(only));
}
