import type { FeatureUse } from './features.ts';
import type { TypeDefinition, ValueType } from './types.ts';

export type Limits = {
  readonly min: bigint;
  readonly max: bigint | null;
  readonly is64: boolean;
  readonly isShared: boolean;
  /** where the limits lie in the file, flags byte first */
  readonly start: number;
  readonly end: number;
};
export type Table = { readonly element: ValueType; readonly limits: Limits; readonly isImported: boolean };
export type Memory = { readonly limits: Limits; readonly isImported: boolean };
export type Global = { readonly type: ValueType; readonly isMutable: boolean; readonly isImported: boolean };

export type ExternKind = 'function' | 'table' | 'memory' | 'global' | 'tag';
/** `index` counts in the index space of the kind. */
export type Import = {
  readonly module: string;
  readonly name: string;
  readonly kind: ExternKind;
  readonly index: number;
};
export type Export = { readonly name: string; readonly kind: ExternKind; readonly index: number };

/** A section as it lies in the file: id and size at `start`, content from `offset` to `end`. */
export type Section = {
  readonly id: number;
  /** the name of a custom section, else the section's own */
  readonly name: string;
  readonly start: number;
  readonly offset: number;
  /** first byte after a custom section's name; `offset` otherwise */
  readonly contentOffset: number;
  readonly end: number;
  readonly count: number | null;
};

/** A module as the reader found it: every index space, imports first, and where everything lies. */
export type Module = {
  readonly bytes: Uint8Array;
  readonly sections: Section[];
  readonly types: TypeDefinition[];
  readonly imports: Import[];
  /** type index of every function */
  readonly functions: number[];
  importedFunctions: number;
  readonly tables: Table[];
  readonly memories: Memory[];
  readonly globals: Global[];
  /** type index of every tag */
  readonly tags: number[];
  readonly exports: Export[];
  start: number | null;
  elementSegments: number;
  dataSegments: number;
  hasDataCount: boolean;
  /** `[start, end)` of each defined function's body, after its size */
  bodyStarts: Uint32Array;
  bodyEnds: Uint32Array;
  /** functions that an export, an element segment or a constant expression names; only these can be called from outside */
  readonly referencedFunctions: Set<number>;
  readonly features: FeatureUse;
};

/** The sections in the order the format wants them (WebAssembly core specification §5.5.2, tag and data count placed). */
export const sectionOrder = [1, 2, 3, 4, 5, 13, 6, 7, 8, 9, 12, 10, 11] as const;

export const sectionNames: Readonly<Record<number, string>> = {
  0: 'custom',
  1: 'type',
  2: 'import',
  3: 'function',
  4: 'table',
  5: 'memory',
  6: 'global',
  7: 'export',
  8: 'start',
  9: 'element',
  10: 'code',
  11: 'data',
  12: 'data count',
  13: 'tag',
};
