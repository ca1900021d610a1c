import * as z from 'zod/mini';
import { capability } from '../model/capability.ts';
import { limits, limitsPatch } from '../model/limits.ts';
import { limitSource, moduleOverride, policy } from '../model/policy.ts';
import { moduleDigest } from '../model/scalars.ts';
import { call } from './call.ts';

/** The limits and grants in force for one module, with where each value came from. */
export const resolution = z.strictObject({
  policy: z.string(),
  limits,
  sources: z.record(z.string(), limitSource),
  grants: z.array(z.strictObject({ capability, source: limitSource })),
});
export type Resolution = z.infer<typeof resolution>;

export const policies = {
  list: call({
    summary: 'All policies, module overrides and the active policy',
    scope: 'read',
    input: z.strictObject({}),
    output: z.strictObject({ active: z.string(), policies: z.array(policy), overrides: z.array(moduleOverride) }),
  }),
  resolve: call({
    summary: 'What is in force for a module, and why',
    scope: 'read',
    input: z.strictObject({
      module: z.nullable(moduleDigest),
      policy: z.optional(z.string()),
      run: z.optional(limitsPatch),
    }),
    output: resolution,
    errors: ['policy.not-found', 'run.bad-limit'],
  }),
  save: call({
    summary: 'Add or change an own policy',
    scope: 'admin',
    input: z.strictObject({
      name: z.string().check(z.minLength(1), z.maxLength(64)),
      limits,
      grants: z.array(capability),
    }),
    output: z.strictObject({}),
    errors: ['policy.read-only', 'run.bad-limit', 'disk.failed'],
  }),
  remove: call({
    summary: 'Remove an own policy',
    scope: 'admin',
    input: z.strictObject({ name: z.string() }),
    output: z.strictObject({}),
    errors: ['policy.not-found', 'policy.read-only', 'disk.failed'],
  }),
  activate: call({
    summary: 'Choose the policy that runs get unless they name one',
    scope: 'admin',
    input: z.strictObject({ name: z.string() }),
    output: z.strictObject({}),
    errors: ['policy.not-found', 'disk.failed'],
  }),
  override: call({
    summary: 'Set what one module gets beyond its policy; null limits and grants remove it',
    scope: 'admin',
    input: z.strictObject({
      module: moduleDigest,
      override: z.nullable(
        z.strictObject({ limits: limitsPatch, grants: z.array(capability), policy: z.nullable(z.string()) }),
      ),
    }),
    output: z.strictObject({}),
    errors: ['policy.not-found', 'run.bad-limit', 'disk.failed'],
  }),
};
