/**
 * Between a page and the network from its second visit on: what the first has brought is there, with a network or without.
 *
 * Files whose names change with what is in them come from the cache. The page itself comes from the network, so that a
 * new build is seen at once, and from the cache where there is none. Each build has a cache of its own; those before go
 * when no page of theirs is open.
 */

import type { Build } from './messages';

/** Written before this file by `flow build`. */
declare const FLOW_BUILD: Build;

interface Waiting extends Event {
  waitUntil(done: Promise<unknown>): void;
}

interface Asked extends Waiting {
  request: Request;
  respondWith(response: Promise<Response>): void;
}

interface Scope {
  registration: { scope: string };
  addEventListener(kind: 'install' | 'activate', heard: (event: Waiting) => void): void;
  addEventListener(kind: 'fetch', heard: (event: Asked) => void): void;
}

/** Servers that know no better call these files anything. */
const TYPES: Readonly<Record<string, string>> = { wasm: 'application/wasm', mjs: 'text/javascript' };

const scope = self as unknown as Scope;
const base = scope.registration.scope;
const prefix = `flow ${base} `;
const name = prefix + FLOW_BUILD.name;
const files = new Set(FLOW_BUILD.files.map(file => new URL(file, base).href));

scope.addEventListener('install', event => event.waitUntil(fill()));
scope.addEventListener('activate', event => event.waitUntil(leave()));
scope.addEventListener('fetch', event => {
  const { request } = event;
  if (request.method !== 'GET') return;
  const url = request.url.split('#', 1)[0]!;
  if (files.has(url)) event.respondWith(kept(url));
  else if (request.mode === 'navigate' && isShell(url)) event.respondWith(fresh(request));
});

/** Take all files in, from another build's cache where they are there. Fails as a whole if the page is of another build. */
async function fill(): Promise<void> {
  const shell = await got(base, { cache: 'no-cache' });
  if ((await digest(shell.clone())) !== FLOW_BUILD.shell) throw new Error('flow: the page is of another build');
  const cache = await caches.open(name);
  await Promise.all([...files].map(async url => cache.put(url, (await caches.match(url)) ?? (await got(url)))));
  await cache.put(base, shell);
}

async function leave(): Promise<void> {
  const names = await caches.keys();
  await Promise.all(names.filter(each => each.startsWith(prefix) && each !== name).map(each => caches.delete(each)));
}

async function kept(url: string): Promise<Response> {
  return (await (await caches.open(name)).match(url)) ?? fetch(url);
}

async function fresh(request: Request): Promise<Response> {
  try {
    return await fetch(request);
  } catch (error) {
    const shell = await (await caches.open(name)).match(base);
    if (shell) return shell;
    throw error;
  }
}

async function got(url: string, options?: RequestInit): Promise<Response> {
  const response = await fetch(url, options);
  if (!response.ok) throw new Error(`flow: ${url} is not there: the server says ${response.status}`);
  const { pathname } = new URL(url);
  const type = TYPES[pathname.slice(pathname.lastIndexOf('.') + 1)];
  if (!type || response.headers.get('Content-Type') === type) return response;
  const headers = new Headers(response.headers);
  headers.set('Content-Type', type);
  return new Response(response.body, { headers });
}

function isShell(url: string): boolean {
  const path = url.split('?', 1)[0]!;
  return path === base || path === `${base}index.html`;
}

async function digest(response: Response): Promise<string> {
  const bytes = new Uint8Array(await crypto.subtle.digest('SHA-256', await response.arrayBuffer()));
  return [...bytes].map(each => each.toString(16).padStart(2, '0')).join('');
}
