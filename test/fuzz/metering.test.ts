import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { assemble } from '../support/wat.ts';
import { type Agreement, compareForms, compareReaders, type Tally } from './metering.ts';
import { randomProgram } from './program.ts';
import { Random } from './random.ts';

const kernels = join(import.meta.dirname, '../bench/kernels');

describe('metering, against the engine', () => {
  test('random programs do the same plain and in both forms, and cost the same in both', () => {
    const tally: Tally = { modules: 0, finished: 0, trapped: 0, outOfFuel: 0 };
    for (let seed = 1; seed <= 1500; seed++) compareForms(seed, tally);
    console.log(JSON.stringify(tally));
    expect(tally.modules).toBe(1500);
    expect(tally.finished).toBeGreaterThan(300);
    expect(tally.trapped).toBeGreaterThan(20);
    expect(tally.outOfFuel).toBeGreaterThan(20);
  });

  test('the reader and the engine agree on changed modules', () => {
    const agreement: Agreement = { tried: 0, valid: 0 };
    const modules = [
      ...readdirSync(kernels).map((name) => assemble(readFileSync(join(kernels, name), 'utf8'), { names: true })),
      ...Array.from({ length: 30 }, (_, seed) => randomProgram(new Random(seed))),
    ];
    for (let seed = 1; seed <= 3000; seed++) compareReaders(modules[seed % modules.length]!, seed, agreement);
    console.log(JSON.stringify(agreement));
    expect(agreement.valid).toBeGreaterThan(100);
    expect(agreement.tried - agreement.valid).toBeGreaterThan(300);
  });
});
