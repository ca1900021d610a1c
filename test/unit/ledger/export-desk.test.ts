import { expect, test } from 'vitest';
import { ExportDesk } from '../../../electron/ledger/index.ts';

async function* chunksOf(count: number) {
  for (let i = 0; i < count; i++) yield `${i}`.padEnd(600_000, '.');
}

test('an export is handed out in pieces, whole and in order, and then it has ended', async () => {
  const desk = new ExportDesk();
  let piece = await desk.begin(chunksOf(5));
  let text = piece.text;
  while (!piece.isEnd) {
    piece = await desk.more(piece.id);
    text += piece.text;
  }
  expect(text.replaceAll('.', '')).toBe('01234');
  await expect(desk.more(piece.id)).rejects.toMatchObject({ code: 'ledger.not-found' });
});

test('of too many exports at once the oldest is given up', async () => {
  const desk = new ExportDesk();
  const first = await desk.begin(chunksOf(5));
  for (let i = 0; i < 8; i++) await desk.begin(chunksOf(5));
  await expect(desk.more(first.id)).rejects.toMatchObject({ code: 'ledger.not-found' });
});
