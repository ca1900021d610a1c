import { expect, test } from 'vitest';
import { createPipeline } from '../../../electron/ipc/pipeline.ts';
import type { Handlers } from '../../../shared/contract/index.ts';
import { type Failure, fail, ok, Refusal } from '../../../shared/result.ts';

const caller = { actor: 'http' } as const;

/** A pipeline over one handler, `modules.read`, and what it told about refusals and broken invariants. */
function pipelineOver(read: (input: unknown) => unknown, refuse: () => Promise<void> = async () => {}) {
  const refused: [string, Failure][] = [];
  const reported: [string, unknown][] = [];
  const serve = createPipeline({
    handlers: { modules: { read: async (input: unknown) => read(input) } } as unknown as Handlers,
    reportInternal: (where, error) => {
      reported.push([where, error]);
      return 'an-id';
    },
    onRefused: async (name, failure) => {
      refused.push([name, failure]);
      await refuse();
    },
  });
  return { serve, refused, reported };
}

const input = { sha256: 'a'.repeat(64), offset: 0, length: 10 };

test('a parsed input reaches its handler and the answer comes back', async () => {
  const { serve, refused } = pipelineOver((got) => ok(got));
  expect(await serve('modules.read', input, caller)).toEqual(ok(input));
  expect(refused).toEqual([]);
});

test('a name that is not in the contract is refused', async () => {
  const { serve } = pipelineOver(() => ok({}));
  for (const name of ['modules.nothing', '__proto__.toString', 'modules', '']) {
    const { error } = fail('contract.unknown-call', 'expected a call of the contract, as room.verb');
    expect(await serve(name, {}, caller)).toEqual({ ok: false, error });
  }
});

test('an input that does not fit is refused by place and expectation, without its values', async () => {
  const { serve, refused } = pipelineOver(() => ok({}));
  const result = await serve('modules.read', { sha256: 'secret', offset: -1, length: 'x' }, caller);
  expect(result).toEqual({
    ok: false,
    error: {
      code: 'contract.invalid-input',
      message:
        'input.sha256: expected the form of regex; input.offset: expected at least 0; input.length: expected number',
    },
  });
  expect(refused).toHaveLength(1);
});

test('a refusal thrown deep inside keeps its code and details', async () => {
  const { serve } = pipelineOver(() => {
    throw new Refusal('module.not-found', 'no module', { module: 'x' });
  });
  expect(await serve('modules.read', input, caller)).toEqual(fail('module.not-found', 'no module', { module: 'x' }));
});

test('what nothing foresaw becomes internal, with an id and without its message', async () => {
  const error = new Error('/home/user/secret');
  const { serve, reported } = pipelineOver(() => {
    throw error;
  });
  expect(await serve('modules.read', input, caller)).toEqual({
    ok: false,
    error: { code: 'internal', message: 'something broke inside Glovebox', correlationId: 'an-id' },
  });
  expect(reported).toEqual([['modules.read', error]]);
});

test('a refusal that cannot be logged is answered with the reason for that', async () => {
  const { serve } = pipelineOver(
    () => fail('module.not-found', 'no module'),
    async () => {
      throw new Refusal('ledger.unavailable', 'the disk is full');
    },
  );
  expect(await serve('modules.read', input, caller)).toEqual(fail('ledger.unavailable', 'the disk is full'));
});
