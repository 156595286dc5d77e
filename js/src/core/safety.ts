/**
 * What could run a script or change the page around a tree is not shown. Python refuses the same when the tree is built
 * (renderer/attributes.py); this is the second lock of that door.
 */

import type { Prop } from './wire';

const FORBIDDEN_TAGS = new Set('script style base meta link object embed'.split(' '));
const A_TAG = /^[a-z][a-z0-9-]*$/i;
const A_NAME = /^[a-z_][\w.:-]*$/i;
const URLS = new Set(
  (
    'action background cite data formaction href icon longdesc manifest ping poster src xlink:href ' +
    'by from to values'
  ).split(' ') // the last four are of SVG's animations, which can write a href
);
// Browsers skip these when they look for the scheme.
// eslint-disable-next-line no-control-regex
const IGNORED_IN_URLS = /[\x00-\x20\x7f-\x9f\u00ad\u200b-\u200f\u2028-\u202f\u2060\ufeff]/g;
const HARMFUL = /^(?:javascript|vbscript):/i;
const DATA = /^data:/i;
const HARMLESS_DATA =
  /^data:(?:(?:image|audio|video|font)\/|(?:text\/(?:plain|csv)|application\/(?:json|pdf|zip|octet-stream))[;,])/i;

/** The tag, or that of a plain box for one that may not be shown. */
export function safeTag(tag: string): string {
  if (A_TAG.test(tag) && !FORBIDDEN_TAGS.has(tag.toLowerCase())) return tag;
  warn(`<${tag}>`);
  return 'div';
}

/** Whether an attribute may be set to a value. */
export function isSafe(name: string, value: Prop): boolean {
  const small = name.toLowerCase();
  const isHarmful =
    !A_NAME.test(name) ||
    small.startsWith('on') ||
    small === 'srcdoc' ||
    (URLS.has(small) && typeof value === 'string' && value.split(small === 'values' ? ';' : '\0').some(isHarmfulUrl));
  if (isHarmful) warn(name);
  return !isHarmful;
}

function isHarmfulUrl(value: string): boolean {
  const url = value.replace(IGNORED_IN_URLS, '');
  return HARMFUL.test(url) || (DATA.test(url) && !HARMLESS_DATA.test(url));
}

const warned = new Set<string>();

function warn(what: string): void {
  if (warned.has(what)) return;
  warned.add(what);
  console.warn(`flow: ${what} is not shown, for it could run a script`);
}
