/**
 * A module apart, for few trees hold raw HTML: it takes out of it what could run a script, act on the page around it or
 * restyle it.
 *
 * Only what is named here stays. The names are those of renderer/sanitize.py, which does the same for static pages, and
 * of what cannot act, but only be seen or heard. Both are tested with tests/wire/hostile.json.
 */

import DOMPurify from 'dompurify';

const words = (text: string): string[] => text.split(' ');

const TAGS = words(
  'a abbr acronym area article aside b bdi bdo blockquote br caption center cite code col colgroup data dd del details dfn ' +
    'div dl dt em figcaption figure footer h1 h2 h3 h4 h5 h6 header hgroup hr i img ins kbd li main map mark nav ol p pre q ' +
    'rp rt rtc ruby s samp section small span strike strong sub summary sup table tbody td tfoot th thead time tr tt u ul ' +
    'var wbr audio picture source video svg circle ellipse g line path polygon polyline rect text tspan'
);
const ATTRIBUTES = words(
  'align alt border cellpadding cellspacing char charoff cite class colspan datetime dir headers height href hreflang open ' +
    'rowspan scope size span src start style summary type width controls loop muted poster preload ' +
    'cx cy d dx dy fill fill-opacity fill-rule font-family font-size font-weight opacity points preserveAspectRatio r rx ry ' +
    'stroke stroke-dasharray stroke-linecap stroke-linejoin stroke-opacity stroke-width text-anchor transform viewBox ' +
    'x x1 x2 y y1 y2'
);
const STYLES = new Set(
  words(
    'background-color border border-bottom border-collapse border-color border-left border-radius border-right ' +
      'border-spacing border-style border-top border-width color display font font-family font-size font-style ' +
      'font-variant font-weight height letter-spacing line-height list-style-type margin margin-bottom margin-left ' +
      'margin-right margin-top max-height max-width min-height min-width opacity overflow overflow-x overflow-y padding ' +
      'padding-bottom padding-left padding-right padding-top text-align text-decoration text-indent text-overflow ' +
      'text-transform vertical-align white-space width word-break word-spacing'
  )
);
const LOADS = /url\(/i;
const IS_DATA = /^\s*data:/i;
const MEDIA = /^\s*data:(?:image\/(?:png|jpeg|gif|webp|avif|svg\+xml)|(?:audio|video)\/[\w.+-]+)[;,]/i;

DOMPurify.addHook('uponSanitizeAttribute', (_element, attribute) => {
  const { attrName: name, attrValue: value } = attribute;
  if (name === 'style') {
    attribute.attrValue = harmless(value);
    attribute.keepAttr = attribute.attrValue !== '';
  } else if (/^(?:fill|stroke)$/.test(name)) {
    attribute.keepAttr = !LOADS.test(value);
  } else if (IS_DATA.test(value)) {
    attribute.keepAttr = MEDIA.test(value);
  }
});

export default (html: string): DocumentFragment =>
  DOMPurify.sanitize(html, {
    RETURN_DOM_FRAGMENT: true,
    ALLOWED_TAGS: TAGS,
    ALLOWED_ATTR: ATTRIBUTES,
    ALLOW_DATA_ATTR: false, // JupyterLab runs a command on a click on what names one in such an attribute
    ALLOW_ARIA_ATTR: false,
  });

/**
 * The declarations of a style that change only its element. A declaration can begin only where one is looked for here:
 * where it could begin elsewhere, behind a block or an escape, or where something is loaded, nothing is left.
 */
function harmless(style: string): string {
  if (LOADS.test(style) || /[{}\\@]|\/\*/.test(style)) return '';
  return style
    .split(';')
    .map(each => each.trim())
    .filter(each => STYLES.has(/^([a-z-]+)\s*:/.exec(each)?.[1] ?? ''))
    .join(';');
}
