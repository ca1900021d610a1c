import type { Cancellation } from '../cancellation.ts';
import { audit } from './audit.ts';
import type { Call, InputOf, ParsedInputOf, ResultOf } from './call.ts';
import type { EventMessage } from './events.ts';
import { contacts, keys } from './keys.ts';
import { modules } from './modules.ts';
import { policies } from './policies.ts';
import { receipts } from './receipts.ts';
import { runs } from './runs.ts';
import { sealing, sessions } from './sealing.ts';
import { system } from './system.ts';
import { tokens } from './tokens.ts';

/** Every call there is, by room and verb. */
export const contract = { system, modules, runs, policies, audit, keys, contacts, sealing, sessions, receipts, tokens };

export type Contract = typeof contract;
export type Room = keyof Contract;
type Verb<R extends Room> = keyof Contract[R] & string;

/** `modules.load`, `runs.start` … */
export type CallName = { [R in Room]: `${R}.${Verb<R>}` }[Room];
export type CallNamed<N extends CallName> = N extends `${infer R extends Room}.${infer V}`
  ? Contract[R][V & keyof Contract[R]]
  : never;

/** All call names in the order of declaration: the preload's list, and the routes. */
export const callNames = Object.entries(contract).flatMap(([room, verbs]) =>
  Object.keys(verbs).map((verb) => `${room}.${verb}`),
) as CallName[];

/** The declaration behind a name, or undefined for a name that is not in the contract. Safe for hostile strings. */
export function findCall(name: string): Call | undefined {
  const [room, verb, ...rest] = name.split('.');
  if (room === undefined || verb === undefined || rest.length > 0 || !Object.hasOwn(contract, room)) return undefined;
  const verbs = contract[room as Room] as Record<string, Call>;
  return Object.hasOwn(verbs, verb) ? verbs[verb] : undefined;
}

/** Who calls, as the transport established it. */
export type Caller = {
  /** `system` is Glovebox itself: the machine went to sleep, a timer ran out */
  readonly actor: 'window' | 'cli' | 'http' | 'system';
  /** id of the bearer token's record, for HTTP */
  readonly tokenId?: string;
  readonly signal?: Cancellation;
};

/** The typed function behind a call. */
export type Handler<N extends CallName> = (
  input: ParsedInputOf<CallNamed<N>>,
  caller: Caller,
) => Promise<ResultOf<CallNamed<N>>>;

/** All handlers; one missing does not compile. */
export type Handlers = { [R in Room]: { [V in Verb<R>]: Handler<`${R}.${V}` & CallName> } };

/** A typed client over any transport. */
export type Client = {
  [R in Room]: { [V in Verb<R>]: (input: InputOf<Contract[R][V]>) => Promise<ResultOf<Contract[R][V]>> };
};

/** What a transport must do; the preload exposes one, HTTP is another, tests pass a third. */
export type Transport = {
  invoke(name: CallName, input: unknown): Promise<unknown>;
  /** Delivers every event with `seq` greater than `since` that it still has, then the live ones. Returns the unsubscribe. */
  subscribe(since: number, listener: (message: EventMessage) => void): () => void;
};

/** Builds the client from the contract: `client.modules.load({ … })` is `invoke('modules.load', { … })`. */
export function createClient(transport: Transport): Client {
  const rooms = Object.entries(contract).map(([room, verbs]) => {
    const calls = Object.keys(verbs).map((verb) => [
      verb,
      (input: unknown) => transport.invoke(`${room}.${verb}` as CallName, input),
    ]);
    return [room, Object.fromEntries(calls)];
  });
  return Object.fromEntries(rooms) as Client;
}
