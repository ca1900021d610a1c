import * as z from 'zod/mini';
import { capability } from '../../../shared/model/capability.ts';
import { limitError, limits } from '../../../shared/model/limits.ts';
import type { Policy } from '../../../shared/model/policy.ts';
import { fail, ok, type Result } from '../../../shared/result.ts';

/** A policy as a file: strict, so that a misspelt limit is not silently left out. */
const policyFile = z.strictObject({
  name: z.string().check(z.minLength(1), z.maxLength(64)),
  limits,
  grants: z.array(capability),
});

/** Reads a policy file; nothing is saved by it. */
export function readPolicyFile(text: string): Result<Policy> {
  let raw: unknown;
  try {
    raw = JSON.parse(text);
  } catch {
    return fail('contract.invalid-input', 'expected a policy as JSON');
  }
  const parsed = policyFile.safeParse(raw);
  if (!parsed.success) {
    const [issue] = parsed.error.issues;
    return fail(
      'contract.invalid-input',
      `expected a policy: ${issue?.path.join('.') || 'the file'} is not as it should be`,
    );
  }
  const outside = limitError(parsed.data.limits);
  if (outside !== undefined) return fail('run.bad-limit', outside.message);
  return ok({ ...parsed.data, isBuiltIn: false });
}

export function writePolicyFile(policy: Policy): string {
  const { name, limits: values, grants } = policy;
  return `${JSON.stringify({ name, limits: values, grants }, null, 2)}\n`;
}

/** Lets the user choose a file and reads it. */
export function choosePolicyFile(onRead: (read: Result<Policy>) => void): void {
  const input = document.createElement('input');
  input.type = 'file';
  input.accept = '.json,application/json';
  input.onchange = () => {
    const file = input.files?.[0];
    if (file !== undefined) void file.text().then((text) => onRead(readPolicyFile(text)));
  };
  input.click();
}
