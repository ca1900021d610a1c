import { inspect, meter, WasmError } from '../../electron/wasm/index.ts';
import { MiB } from '../../shared/units.ts';
import { runMetered } from '../support/metered.ts';
import { randomProgram } from './program.ts';
import { Random } from './random.ts';

const FUEL = 300_000n;

/** How a run ended, and everything of it that a guest or a host can see. */
type Sight = { result: string; logged: string[]; memory: number; fuelAtLogs: bigint[]; fuel: bigint | null };

export type Tally = { modules: number; finished: number; trapped: number; outOfFuel: number };

/**
 * Runs one random program plain, in the simple and in the fast form, and compares results, traps, memory, calls of the
 * host and, between the forms, the fuel at each of them.
 * @throws Error with the seed when anything differs
 */
export function compareForms(seed: number, tally: Tally): void {
  const bytes = randomProgram(new Random(seed));
  const fail = (what: string, a: unknown, b: unknown): never => {
    const show = (value: unknown): string =>
      JSON.stringify(value, (_, each) => (typeof each === 'bigint' ? `${each}` : each));
    throw new Error(`seed ${seed}: ${what} differs: ${show(a)} and ${show(b)}`);
  };
  if (!WebAssembly.validate(bytes)) throw new Error(`seed ${seed}: the generator made an invalid module`);
  inspect(bytes);
  tally.modules++;
  const simple = sightOf(bytes, seed, 'simple');
  const fast = sightOf(bytes, seed, 'fast');
  if (simple.result === 'overflow' || fast.result === 'overflow') return;
  if (simple.result === 'out of fuel' || fast.result === 'out of fuel') {
    if (simple.result !== fast.result) fail('the end', simple.result, fast.result);
    tally.outOfFuel++;
    return;
  }
  const plain = plainSight(bytes, seed);
  if (plain.result === 'overflow') return;
  for (const [form, sight] of [
    ['simple', simple],
    ['fast', fast],
  ] as const) {
    if (plain.result !== sight.result) fail(`the result of the ${form} form`, plain.result, sight.result);
    if (plain.memory !== sight.memory) fail(`the memory of the ${form} form`, plain.memory, sight.memory);
    if (`${plain.logged}` !== `${sight.logged}`) fail(`the log of the ${form} form`, plain.logged, sight.logged);
  }
  if (`${simple.fuelAtLogs}` !== `${fast.fuelAtLogs}`)
    fail('the fuel at the calls', simple.fuelAtLogs, fast.fuelAtLogs);
  const hasTrapped = simple.result.startsWith('RuntimeError');
  if (hasTrapped) tally.trapped++;
  else {
    tally.finished++;
    if (simple.fuel !== fast.fuel) fail('the fuel', simple.fuel, fast.fuel);
  }
}

function sightOf(bytes: Uint8Array, seed: number, form: 'simple' | 'fast'): Sight {
  const fuelAtLogs: bigint[] = [];
  const { log, logged } = recorder(() => fuelAtLogs.push(run.used()));
  const run = runMetered(bytes, { form, fuel: FUEL, slice: BigInt(1 + (seed % 5000)), imports: { host: { log } } });
  let result = endOf(() => run.exports.run!(seed & 63, 3));
  const used = run.used();
  if (used > FUEL) result = 'out of fuel';
  return { result, logged, memory: hashOf(run.raw.memory), fuelAtLogs, fuel: used };
}

function plainSight(bytes: Uint8Array<ArrayBuffer>, seed: number): Sight {
  const { log, logged } = recorder(() => {});
  const { exports } = new WebAssembly.Instance(new WebAssembly.Module(bytes), { host: { log } });
  const result = endOf(() => (exports.run as (a: number, b: number) => unknown)(seed & 63, 3));
  return { result, logged, memory: hashOf(exports.memory), fuelAtLogs: [], fuel: null };
}

/** An import that now and then throws, so that exceptions of the host pass through the guest. */
function recorder(onLog: () => void): { log: (value: number) => number; logged: string[] } {
  const logged: string[] = [];
  const log = (value: number): number => {
    onLog();
    if (logged.length < 1000) logged.push(String(value));
    if ((value & 31) === 17) throw new Error('the host throws');
    return value ^ 5;
  };
  return { log, logged };
}

function endOf(run: () => unknown): string {
  try {
    return String(run());
  } catch (error) {
    if (error instanceof RangeError) return 'overflow';
    const { name, message } = error as Error;
    return error instanceof WebAssembly.Exception ? 'exception' : `${name}: ${message}`;
  }
}

function hashOf(memory: unknown): number {
  const bytes = new Uint32Array((memory as WebAssembly.Memory).buffer);
  let hash = bytes.length;
  for (let i = 0; i < 1100; i++) hash = (Math.imul(hash, 31) + bytes[i]!) | 0;
  return hash;
}

export type Agreement = { tried: number; valid: number };

/**
 * Changes a few bytes of a module and compares the reader with the engine: what the engine takes the reader takes, or
 * refuses as unsupported or beyond a limit; and metering gives a valid module exactly when the original was one.
 * @throws Error with the seed when they disagree
 */
export function compareReaders(original: Uint8Array, seed: number, agreement: Agreement): void {
  const random = new Random(seed);
  const bytes = original.slice() as Uint8Array<ArrayBuffer>;
  for (let changes = random.below(4); changes >= 0; changes--) {
    const at = 8 + random.below(bytes.length - 8);
    bytes[at] = random.chance(50) ? random.below(256) : bytes[at]! ^ (1 << random.below(8));
  }
  agreement.tried++;
  const isValid = WebAssembly.validate(bytes);
  if (isValid) agreement.valid++;
  let metered: Uint8Array<ArrayBuffer>;
  try {
    inspect(bytes);
    metered = meter(bytes, { memoryBytes: 1024 * MiB, tableElements: 10_000_000 }).bytes;
  } catch (error) {
    if (!(error instanceof WasmError)) throw new Error(`seed ${seed}: ${String((error as Error).stack)}`);
    if (isValid && error.reason === 'malformed') {
      throw new Error(`seed ${seed}: refused what the engine takes: ${error.message} at ${error.offset}`);
    }
    return;
  }
  if (WebAssembly.validate(metered) !== isValid) {
    throw new Error(`seed ${seed}: the original is ${isValid ? '' : 'in'}valid, the metered module is not`);
  }
}
