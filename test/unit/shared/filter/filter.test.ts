import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  addTerm,
  completeFilter,
  formatTerm,
  matchesPattern,
  parseFilter,
  removeTerm,
} from '../../../../shared/filter/index.ts';

const NOW = Date.UTC(2026, 10, 23, 12, 0, 0);

function testsOf(source: string) {
  const { filter, errors } = parseFilter(source, NOW);
  expect(errors).toEqual([]);
  return filter.terms.map(({ test, isNegated }) => (isNegated ? { not: test } : test));
}

describe('parsing', () => {
  test('terms of every kind are read', () => {
    expect(
      testsOf('outcome:denied,trapped module:"my fib.wasm" op:run.* seq:3,10..20,..5,9.. "a \\"b\\"" -word'),
    ).toEqual([
      {
        field: 'outcome',
        patterns: [
          { text: 'denied', isWildcard: false },
          { text: 'trapped', isWildcard: false },
        ],
      },
      { field: 'module', patterns: [{ text: 'my fib.wasm', isWildcard: false }] },
      { field: 'kind', patterns: [{ text: 'run.*', isWildcard: true }] },
      {
        field: 'seq',
        ranges: [
          { from: 3, to: 3 },
          { from: 10, to: 20 },
          { from: 0, to: 5 },
          { from: 9, to: Number.MAX_SAFE_INTEGER },
        ],
      },
      { field: 'text', text: 'a "b"' },
      { not: { field: 'text', text: 'word' } },
    ]);
  });

  test('a time names a span: since begins with it, until ends with it', () => {
    const day = Date.UTC(2026, 10, 1);
    expect(testsOf('since:2026-11-01 until:2026-11-01 since:2h until:2026-02')).toEqual([
      { field: 'time', fromTs: day, toTs: Number.POSITIVE_INFINITY, isRelative: false },
      { field: 'time', fromTs: Number.NEGATIVE_INFINITY, toTs: day + 86_400_000, isRelative: false },
      { field: 'time', fromTs: NOW - 7_200_000, toTs: Number.POSITIVE_INFINITY, isRelative: true },
      { field: 'time', fromTs: Number.NEGATIVE_INFINITY, toTs: Date.UTC(2026, 2, 1), isRelative: false },
    ]);
  });

  test.each([
    ['nonsense:x', 0, 8, 'expected one of kind'],
    ['kind:run.* -nonsense:x', 12, 20, 'in quotes'],
    ['outcome:', 8, 8, 'a value'],
    ['outcome:a,', 10, 10, 'a value'],
    ['-', 1, 1, 'a value'],
    ['a "b', 2, 4, 'closing quote'],
    ['actor:cli,me', 10, 12, 'actor must be one of window, cli, http, system'],
    ['seq:1..x', 4, 8, 'a range like 10..20'],
    ['since:2026-02-30', 6, 16, 'since must be one UTC time'],
    ['until:soon', 6, 10, 'until must be one UTC time'],
  ])('%s is refused at %i to %i', (source, start, end, message) => {
    const { errors } = parseFilter(source, NOW);
    expect(errors).toEqual([{ start, end, message: expect.stringContaining(message) }]);
  });

  test('any text parses without throwing and errors lie inside it', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 80 }), (source) => {
        const { errors, filter } = parseFilter(source, NOW);
        for (const { start, end } of [...errors, ...filter.terms]) {
          expect(start >= 0 && start <= end && end <= source.length).toBe(true);
        }
      }),
    );
  });

  test('what formatTerm writes is read back as it was', () => {
    fc.assert(
      fc.property(fc.string({ minLength: 1 }), fc.boolean(), (value, isNegated) => {
        const [text] = parseFilter(formatTerm(null, value, isNegated), NOW).filter.terms;
        const [word] = parseFilter(formatTerm('module', value, isNegated), NOW).filter.terms;
        expect([text?.isNegated, text?.test]).toEqual([isNegated, { field: 'text', text: value }]);
        expect(word?.test).toEqual({ field: 'module', patterns: [{ text: value, isWildcard: false }] });
      }),
    );
  });
});

describe('editing', () => {
  test('a term is added once and removed without leaving a gap', () => {
    const source = addTerm(addTerm('kind:run.*', 'outcome:denied'), 'outcome:denied');
    expect(source).toBe('kind:run.* outcome:denied');
    const [first, second] = parseFilter(source, NOW).filter.terms;
    expect([removeTerm(source, first!), removeTerm(source, second!)]).toEqual(['outcome:denied', 'kind:run.*']);
  });
});

describe('completing', () => {
  const vocabulary = { kind: ['run.started', 'run.finished', 'module.loaded'], module: ['my fib.wasm'] };

  function apply(source: string): string[] {
    const cursor = source.indexOf('|');
    const text = source.replace('|', '');
    const { start, end, candidates } = completeFilter(text, cursor, vocabulary);
    return candidates.map((candidate) => text.slice(0, start) + candidate.text + text.slice(end));
  }

  test('names of fields are offered where a term begins', () => {
    expect(apply('outcome:denied s|')).toEqual([
      'outcome:denied session:',
      'outcome:denied seq:',
      'outcome:denied since:',
    ]);
    expect(apply('-mod|')).toEqual(['-module:']);
    expect(apply('|')).toHaveLength(9);
  });

  test('values that occur are offered after the colon, beginnings before middles', () => {
    expect(apply('kind:run.|')).toEqual(['kind:run.started', 'kind:run.finished']);
    expect(apply('kind:run.started,load| x')).toEqual(['kind:run.started,module.loaded x']);
    expect(apply('module:fib|')).toEqual(['module:"my fib.wasm"']);
    expect(apply('since:to|')).toEqual(['since:today']);
  });

  test('nothing is offered inside quoted text', () => {
    expect(apply('"mod|')).toEqual([]);
  });
});

describe('patterns', () => {
  test.each([
    ['run.*', 'run.started', true],
    ['*.started', 'run.started', true],
    ['r*n*d', 'run.started', true],
    ['run.*x', 'run.started', false],
    ['a*a', 'a', false],
    ['*', '', true],
    ['RUN.*', 'run.x', true],
  ])('%s against %s is %s', (text, given, expected) => {
    expect(matchesPattern({ text, isWildcard: true }, given)).toBe(expected);
  });
});
