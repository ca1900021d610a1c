export { type App, type AppPorts, createApp, type Health, readPackageVersion } from './app.ts';
export type { EventHub } from './event-hub.ts';
export { readModuleFile } from './module-file.ts';
export type { Dialogs } from './ports.ts';
export { CONTENT_SECURITY_POLICY, mediaTypeOf, WINDOW_HEADERS } from './window-policy.ts';
