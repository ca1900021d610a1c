import * as z from 'zod/mini';
import { capability } from './capability.ts';
import { limits, limitsPatch } from './limits.ts';
import { moduleDigest, timestamp } from './scalars.ts';

/** A named set of limits and grants. Built-in: Strict, Default, Generous. */
export const policy = z.strictObject({
  name: z.string().check(z.minLength(1), z.maxLength(64)),
  isBuiltIn: z.boolean(),
  limits,
  grants: z.array(capability),
});
export type Policy = z.infer<typeof policy>;

/** What one module gets beyond its policy; bound to the digest, never to a name. */
export const moduleOverride = z.strictObject({
  module: moduleDigest,
  limits: limitsPatch,
  grants: z.array(capability),
  policy: z.nullable(z.string()),
  changedAt: timestamp,
});
export type ModuleOverride = z.infer<typeof moduleOverride>;

/** Where a value in force came from, weakest first. */
export const limitSource = z.enum(['engine', 'policy', 'module', 'run']);
export type LimitSource = z.infer<typeof limitSource>;
