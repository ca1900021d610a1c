import { expect, test } from 'vitest';
import { encodeBody } from '../../../../renderer/bridge/body.ts';
import { decodeResult } from '../../../../renderer/bridge/http.ts';

test('small bytes travel as base64 inside of the JSON', async () => {
  const { body, headers } = await encodeBody({ name: 'a', bytes: new Uint8Array([1, 2, 3]) });
  expect([body, headers['content-type']]).toEqual(['{"name":"a","bytes":"AQID"}', 'application/json']);
});

test('large bytes and files travel as parts that the JSON names', async () => {
  const large = new Uint8Array(70_000).fill(7);
  const { body } = await encodeBody({ bytes: large, deep: [{ content: new Blob(['x']) }] });
  const form = body as FormData;
  expect(JSON.parse(String(form.get('input')))).toEqual({
    bytes: { $part: 'bytes0' },
    deep: [{ content: { $part: 'bytes1' } }],
  });
  expect(new Uint8Array(await (form.get('bytes0') as Blob).arrayBuffer())).toEqual(large);
});

test('an answer is read by the contract: base64 becomes bytes, another form is refused', () => {
  const value = { bytes: 'AQID', sizeBytes: 3 };
  expect(decodeResult('modules.read', { ok: true, value }, 200)).toEqual({
    ok: true,
    value: { bytes: new Uint8Array([1, 2, 3]), sizeBytes: 3 },
  });
  expect(decodeResult('modules.read', { ok: true, value: {} }, 200)).toMatchObject({
    ok: false,
    error: { code: 'internal' },
  });
  expect(decodeResult('modules.read', null, 502)).toMatchObject({
    ok: false,
    error: { message: 'the server answered 502 without a result' },
  });
  const refusal = { ok: false, error: { code: 'module.not-found', message: 'x' } };
  expect(decodeResult('modules.read', refusal, 404)).toEqual(refusal);
});
