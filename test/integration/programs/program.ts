import type { ImportStub } from '../../../shared/model/capability.ts';
import type { WasiInput } from '../../../shared/model/run.ts';

/** A program from a package, what it is given, and what it must come to. */
export type Program = {
  readonly name: string;
  /** the module, made into something that one call runs where it is a library */
  readonly bytes: Uint8Array<ArrayBuffer>;
  /** by `_start`, or by calling `run`, which returns an address and a length */
  readonly entry: 'command' | 'run';
  /** what stubs of imports return that must not return zero, by the import's name */
  readonly stubValues?: Readonly<Record<string, string>>;
  readonly input?: Partial<WasiInput>;
  readonly check: (result: ProgramResult) => void;
};

/** What a program came to, however it was run. */
export type ProgramResult = {
  readonly stdout: string;
  readonly stderr: string;
  /** the bytes that `run` returned */
  readonly returned: Uint8Array;
  readonly files: Readonly<Record<string, Uint8Array>>;
};

/** Stubs for all imports that are not WASI: they do nothing, and return zero or what the program wants. */
export function stubsFor(
  { stubValues = {} }: Program,
  imports: readonly { module: string; name: string }[],
): ImportStub[] {
  return imports
    .filter(({ module }) => module !== 'wasi_snapshot_preview1')
    .map(({ module, name }) => {
      const value = stubValues[name];
      return value === undefined ? { module, name, action: 'return' } : { module, name, action: 'return', value };
    });
}
