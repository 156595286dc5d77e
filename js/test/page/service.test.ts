// @vitest-environment node
import { createHash } from 'node:crypto';

import { beforeEach, expect, test, vi } from 'vitest';

const BASE = 'http://shop.test/app/';

type Heard = (event: Record<string, unknown>) => void;
const heard = new Map<string, Heard>();
let network: Record<string, string>;
let asked: string[];
let stores: Map<string, Map<string, Response>>;

function sha(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}

/** A service worker of a build, beside those caches that others left. */
async function worker(files: readonly string[], shell: string): Promise<void> {
  vi.resetModules();
  heard.clear();
  const match = async (url: string): Promise<Response | undefined> => {
    for (const store of stores.values()) if (store.has(url)) return store.get(url)!.clone();
    return undefined;
  };
  vi.stubGlobal('self', {
    registration: { scope: BASE },
    addEventListener: (kind: string, listener: Heard) => heard.set(kind, listener),
  });
  vi.stubGlobal('FLOW_BUILD', { name: sha(shell), shell: sha(shell), files });
  vi.stubGlobal('fetch', async (input: string | { url: string }) => {
    const url = typeof input === 'string' ? input : input.url;
    asked.push(url);
    if (!(url in network)) throw new TypeError('offline');
    return new Response(network[url]);
  });
  vi.stubGlobal('caches', {
    match,
    keys: async () => [...stores.keys()],
    delete: async (name: string) => stores.delete(name),
    open: async (name: string) => {
      const store = stores.get(name) ?? new Map<string, Response>();
      stores.set(name, store);
      return {
        match: async (url: string) => store.get(url)?.clone(),
        put: async (url: string, response: Response) => void store.set(url, response),
      };
    },
  });
  await import('../../src/page/service');
}

async function tell(kind: string): Promise<unknown> {
  let done: unknown;
  heard.get(kind)!({ waitUntil: (promise: Promise<unknown>) => (done = promise) });
  return done;
}

/** What a page gets for an address; undefined where the worker keeps out of it. */
async function ask(url: string, options: { method?: string; mode?: string } = {}): Promise<string | undefined> {
  let answer: Promise<Response> | undefined;
  const request = { url, method: 'GET', mode: 'cors', ...options };
  heard.get('fetch')!({ request, respondWith: (response: Promise<Response>) => (answer = response) });
  return answer && (await answer).text();
}

beforeEach(() => {
  network = { [BASE]: 'page 1', [`${BASE}assets/a-1.js`]: 'a 1', [`${BASE}assets/b-1.js`]: 'b 1' };
  asked = [];
  stores = new Map([['somebody else', new Map()]]);
});

test('files come from the cache, and the page from the network as long as there is one', async () => {
  await worker(['assets/a-1.js', 'assets/b-1.js'], 'page 1');
  await tell('install');
  asked = [];
  expect(await ask(`${BASE}assets/a-1.js`)).toBe('a 1');
  expect(asked).toEqual([]);
  network[BASE] = 'page 2';
  expect(await ask(BASE, { mode: 'navigate' })).toBe('page 2');
  network = {};
  expect(await ask(BASE, { mode: 'navigate' })).toBe('page 1');
  expect(await ask(`${BASE}index.html#top`, { mode: 'navigate' })).toBe('page 1');
});

test('calls, other pages and unknown files are none of its business', async () => {
  await worker(['assets/a-1.js'], 'page 1');
  await tell('install');
  expect(await ask(`${BASE}api/rpc/order`, { method: 'POST' })).toBeUndefined();
  expect(await ask(`${BASE}other/`, { mode: 'navigate' })).toBeUndefined();
  expect(await ask(`${BASE}assets/c-1.js`)).toBeUndefined();
  expect(await ask('http://elsewhere.test/assets/a-1.js')).toBeUndefined();
});

test('a new build takes over what is the same, and what only the old one had goes', async () => {
  await worker(['assets/a-1.js', 'assets/b-1.js'], 'page 1');
  await tell('install');
  network = { [BASE]: 'page 2', [`${BASE}assets/b-2.js`]: 'b 2' };
  asked = [];
  await worker(['assets/a-1.js', 'assets/b-2.js'], 'page 2');
  await tell('install');
  expect(asked.sort()).toEqual([BASE, `${BASE}assets/b-2.js`]);
  await tell('activate');
  expect(stores.size).toBe(2);
  expect([...stores.keys()][0]).toBe('somebody else');
  expect(await ask(`${BASE}assets/a-1.js`)).toBe('a 1');
  expect(await ask(`${BASE}assets/b-1.js`)).toBeUndefined();
});

test('a page of another build is not taken in', async () => {
  await worker(['assets/a-1.js'], 'page 2');
  await expect(tell('install')).rejects.toThrow('another build');
  expect([...stores.keys()]).toEqual(['somebody else']);
});
