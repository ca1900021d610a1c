/** The proposals that this reader knows and both engines ship, by the names of their repositories. */
export const features = [
  'mvp',
  'mutable-global',
  'sign-extension-ops',
  'nontrapping-float-to-int-conversions',
  'multi-value',
  'bulk-memory-operations',
  'reference-types',
  'simd',
  'relaxed-simd',
  'tail-call',
  'extended-const',
  'multi-memory',
  'memory64',
  'exception-handling',
  'legacy-exception-handling',
  'function-references',
  'gc',
  'threads',
  'branch-hinting',
  'js-string-builtins',
] as const;
export type Feature = (typeof features)[number];

const indexOf = new Map<string, number>(features.map((name, index) => [name, index]));

/** The number by which tables refer to a feature. */
export function featureIndex(name: Feature): number {
  return indexOf.get(name)!;
}

/** Where in a module each feature is used first. */
export class FeatureUse {
  readonly firstOffset: Float64Array = new Float64Array(features.length).fill(-1);

  note(feature: number, offset: number): void {
    if (this.firstOffset[feature] === -1) this.firstOffset[feature] = offset;
  }

  uses(name: Feature): boolean {
    return this.firstOffset[featureIndex(name)] !== -1;
  }
}
