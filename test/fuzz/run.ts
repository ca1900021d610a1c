import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { assemble } from '../support/wat.ts';
import { type Agreement, compareForms, compareReaders, type Tally } from './metering.ts';
import { randomProgram } from './program.ts';
import { Random } from './random.ts';

// usage: npm run fuzz [-- SECONDS [FIRST-SEED]]; ends with status 1 and the seed where anything differs.
const seconds = Number(process.argv[2] ?? 300);
const firstSeed = Number(process.argv[3] ?? Math.floor(Math.random() * 2 ** 31));
const kernels = join(import.meta.dirname, '../bench/kernels');
const modules = readdirSync(kernels).map((name) => assemble(readFileSync(join(kernels, name), 'utf8')));
const tally: Tally = { modules: 0, finished: 0, trapped: 0, outOfFuel: 0 };
const agreement: Agreement = { tried: 0, valid: 0 };
const end = performance.now() + seconds * 1000;

try {
  for (let seed = firstSeed; performance.now() < end; seed++) {
    compareForms(seed, tally);
    compareReaders(seed % 2 === 0 ? randomProgram(new Random(seed)) : modules[seed % modules.length]!, seed, agreement);
  }
  console.log(
    `from seed ${firstSeed}: ${tally.modules} random programs (${tally.finished} finished, ${tally.trapped} trapped,`,
  );
  console.log(
    `${tally.outOfFuel} out of fuel) and ${agreement.tried} changed modules (${agreement.valid} valid): all agree`,
  );
} catch (error) {
  console.error(error);
  process.exitCode = 1;
}
