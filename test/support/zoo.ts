import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import binaryen from 'binaryen';
import type { Limits } from '../../shared/model/limits.ts';
import type { RunOutcome } from '../../shared/model/run.ts';
import type { RunOptions } from './runner.ts';
import { assemble } from './wat.ts';

const folder = path.resolve(import.meta.dirname, '../fixtures/guests');

/** A hostile guest with how to run it and the one outcome it must have. */
export type HostileGuest = {
  readonly name: string;
  readonly bytes: Uint8Array;
  readonly options: RunOptions;
  /** what the outcome must match */
  readonly expect: Partial<RunOutcome>;
  /** what the results must be, where the outcome alone does not tell */
  readonly results: readonly string[] | undefined;
};

type Spec = Pick<RunOptions, 'args' | 'grants' | 'stubs' | 'wasi'> & {
  readonly run: string;
  readonly limits?: Partial<Limits>;
  readonly expect: Partial<RunOutcome>;
  readonly results?: readonly string[];
};

/** Every `.wat` of `test/fixtures/guests`: its first line is how to run it and what must come of it, as JSON. */
export function readZoo(): HostileGuest[] {
  const files = readdirSync(folder).filter((file) => file.endsWith('.wat'));
  return files.map((file) => {
    const source = readFileSync(path.join(folder, file), 'utf8');
    const spec = JSON.parse(source.slice(2, source.indexOf('\n'))) as Spec;
    const { run, expect, results, ...options } = spec;
    const bytes = source.includes(';; assembler: binaryen') ? assembleCollected(source) : assemble(source);
    return { name: file.slice(0, -4), bytes, options: { ...options, name: run }, expect, results };
  });
}

/** The text format with garbage-collected types, which the other assembler does not know. */
export function assembleCollected(source: string): Uint8Array {
  const module = binaryen.parseText(source);
  try {
    module.setFeatures(binaryen.Features.GC | binaryen.Features.ReferenceTypes | binaryen.Features.MutableGlobals);
    return module.emitBinary();
  } finally {
    module.dispose();
  }
}
