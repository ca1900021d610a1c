import { createHash } from 'node:crypto';
import type { Call } from '../../../shared/contract/call.ts';
import { contract } from '../../../shared/contract/index.ts';

const style = `:root{color-scheme:light dark;font:15px/1.5 system-ui,sans-serif}body{max-width:60rem;margin:2rem auto;padding:0 1rem}
h2{margin-top:2.5rem}h3{margin:1.5rem 0 0;font:600 1rem/1.4 ui-monospace,monospace}p{margin:.2rem 0}
code,pre{font:.9rem/1.5 ui-monospace,monospace}pre{overflow:auto;padding:1rem;border:1px solid #8886;border-radius:6px}small{opacity:.8}`;

/** What the page may do: show itself in its own style. */
export const DOCS_POLICY = `default-src 'none'; style-src 'sha256-${createHash('sha256').update(style).digest('base64')}'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'`;

/** The API for people: one page, made from the contract, that loads nothing. */
export function docsPage(): string {
  const rooms = Object.entries(contract).map(([room, verbs]) => {
    const calls = Object.entries(verbs as Record<string, Call>).map(
      ([verb, call]) =>
        `<h3 id="${room}.${verb}">POST /v1/call/${room}.${verb}</h3><p>${escapeHtml(call.summary)}.</p><p><small>scope ${call.scope}${
          call.errors.length === 0 ? '' : `; refuses with ${call.errors.join(', ')}`
        }</small></p>`,
    );
    return `<h2 id="${room}">${room}</h2>${calls.join('')}`;
  });
  return `<!doctype html><html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
<title>Glovebox API</title><style>${style}</style></head><body><h1>Glovebox API</h1>
<p>Every call takes a JSON object and answers <code>{"ok":true,"value":…}</code>, or a problem document (RFC 9457). Bytes are
base64; large ones travel as parts of a form, with <code>{"$part":"name"}</code> in their place. The exact types are in
<a href="/v1/openapi.json">openapi.json</a>.</p>
<pre>TOKEN=$(glovebox token create me --scope run,read)
curl -H "Authorization: Bearer $TOKEN" -F 'input={"name":"tool.wasm","bytes":{"$part":"module"}}' -F module=@tool.wasm \\
  http://127.0.0.1:4712/v1/call/modules.load</pre>
<h2>Beside the calls</h2>
<p><code>POST /v1/execute</code> loads a module and runs it; with <code>Prefer: respond-async</code> it answers 202 at once.</p>
<p><code>GET /v1/events?since=0</code> streams what happens. <code>GET /v1/verify/{runId}</code> checks a run's receipt.</p>
<p><code>GET /v1/health</code>, <code>GET /v1/metrics</code> for those who watch.</p>
${rooms.join('\n')}</body></html>`;
}

function escapeHtml(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
}
