import { readFile, rm } from 'node:fs/promises';
import path from 'node:path';
import * as z from 'zod/mini';
import type { EventMessage } from '../../shared/contract/events.ts';
import { findCall } from '../../shared/contract/index.ts';
import { fail, type Result } from '../../shared/result.ts';
import { writeFileAtomic } from '../disk/index.ts';
import type { Door } from './command.ts';

/**
 * One process writes a log, so while a server holds a data folder, other commands over the same folder go through it. The
 * note it leaves there says where it listens, with a token that only this user can read.
 */
const note = z.strictObject({ pid: z.int(), port: z.int(), token: z.string() });
export type ServerNote = z.infer<typeof note>;

const noteFile = (dataFolder: string) => path.join(dataFolder, 'server.json');
/** More raw bytes than this travel as a part of a form. */
const INLINE_BYTES = 64 * 1024;

/** Leaves the note; returns how to take it away. */
export async function leaveNote(dataFolder: string, content: ServerNote): Promise<() => Promise<void>> {
  await writeFileAtomic(noteFile(dataFolder), JSON.stringify(content));
  return () => rm(noteFile(dataFolder), { force: true });
}

/** A door into the server that holds this folder; undefined when there is none, or only the note of one that has gone. */
export async function findServer(dataFolder: string): Promise<(Door & { close(): void }) | undefined> {
  const text = await readFile(noteFile(dataFolder), 'utf8').catch(() => undefined);
  const parsed = text === undefined ? undefined : note.safeParse(parseJson(text));
  if (!parsed?.success) return undefined;
  const { port, token } = parsed.data;
  const origin = `http://127.0.0.1:${port}`;
  const authorization = `Bearer ${token}`;
  const call: Door['call'] = (name, input) => post(origin, authorization, name, input);
  const newest = await call('system.eventSeq', {}, { actor: 'cli' });
  if (!newest.ok) return undefined;
  const { seq } = newest.value as { seq: number };
  const closing = new AbortController();
  return {
    call,
    events: {
      seq: () => seq,
      subscribe(since, listener) {
        const stop = new AbortController();
        const signal = AbortSignal.any([stop.signal, closing.signal]);
        void listen(`${origin}/v1/events?since=${since}`, authorization, signal, listener).catch(() => undefined);
        return () => stop.abort();
      },
    },
    close: () => closing.abort(),
  };
}

async function post(origin: string, authorization: string, name: string, input: unknown): Promise<Result<unknown>> {
  const { body, headers } = encodeBody(input);
  let answer: unknown;
  try {
    const response = await fetch(`${origin}/v1/call/${name}`, {
      method: 'POST',
      body,
      headers: { ...headers, authorization },
    });
    answer = await response.json();
  } catch {
    return fail('internal', 'the server that holds this data folder did not answer');
  }
  const result = answer as Result<unknown>;
  if (result?.ok !== true) return result?.error ? result : fail('internal', 'the server answered without a result');
  const parsed = findCall(name)?.output.safeParse(result.value);
  return parsed?.success
    ? { ok: true, value: parsed.data }
    : fail('internal', 'the server speaks another version of the contract');
}

function encodeBody(input: unknown): { body: string | FormData; headers: Record<string, string> } {
  const parts: Uint8Array[] = [];
  const json = JSON.stringify(input, function replace(this: unknown, key: string, item: unknown) {
    const original = (this as Record<string, unknown>)[key];
    if (!(original instanceof Uint8Array)) return item;
    if (original.length <= INLINE_BYTES) return Buffer.from(original).toString('base64');
    return { $part: `bytes${parts.push(original) - 1}` };
  });
  if (parts.length === 0) return { body: json, headers: { 'content-type': 'application/json' } };
  const form = new FormData();
  form.append('input', json);
  for (const [i, bytes] of parts.entries()) form.append(`bytes${i}`, new Blob([new Uint8Array(bytes)]), `bytes${i}`);
  return { body: form, headers: {} };
}

/** Reads server-sent events: the lines that begin with `data:` are whole messages. */
async function listen(
  url: string,
  authorization: string,
  signal: AbortSignal,
  listener: (message: EventMessage) => void,
): Promise<void> {
  const response = await fetch(url, { headers: { authorization }, signal });
  let rest = '';
  for await (const text of response.body!.pipeThrough(new TextDecoderStream())) {
    const lines = (rest + text).split('\n');
    rest = lines.pop()!;
    for (const line of lines) if (line.startsWith('data: ')) listener(JSON.parse(line.slice(6)) as EventMessage);
  }
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
