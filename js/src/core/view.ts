/**
 * One showing of a tree: its DOM nodes by the ids of the tree's, and how an operation on the tree changes them.
 *
 * What leaves stays in its place until the patch is through, so that what comes back elsewhere is moved, not made anew,
 * and keeps its focus, caret, scrolling and typed text. A snapshot is shown in the same way.
 */

import { isSame } from './binary';
import type { Model } from './host';
import { showHtml } from './html';
import { Placing, takeAway } from './placing';
import { eventOf, hasValue, setProp, TYPED, unsetProp } from './props';
import { layerFor, showWidget } from './rich';
import { HTML, isFilling, isOfNamespace, isRich, namespaceInside, richClass, Templates } from './templates';
import type { Listeners } from './templates';
import { FRAGMENT, TEXT } from './tree';
import type { Tree, TreeNode } from './tree';
import type { Typing } from './typing';
import type { Operation, Prop } from './wire';

/** What a component's method on the page may be where the component is a plain element. */
const METHODS = new Set('blur click close focus load pause play requestSubmit reset scrollBy scrollIntoView scrollTo select show showModal'.split(' '));

/** What a view leans on. */
export interface Surroundings {
  tree: Tree;
  model: Model;
  /** Where the tree is shown; a tree without a root element of its own stands in it directly. */
  container: HTMLElement;
  events: Listeners;
  typing: Typing;
  signal: AbortSignal;
}

type Owned = Node & Record<symbol, number | undefined>;

export class View {
  private readonly doms = new Map<number, Node>();
  /** Under this name each DOM node of the view holds its id: that costs a tenth of an entry in a WeakMap. */
  private readonly key = Symbol('flow');
  /** Where the children of a portal stand. */
  private readonly layers = new Map<number, HTMLElement>();
  /** What ends with an element: its layer, or the widget in it. */
  private readonly lifetimes = new Map<number, AbortController>();
  private readonly templates: Templates;
  private readonly placing: Placing;
  /** DOM nodes that leave when the patch is through, unless they come back. */
  private readonly strays = new Set<Node>();
  /** DOM nodes that came back in this patch. */
  private readonly shown = new Set<Node>();
  /** Selects that a patch touched, with what was chosen before. */
  private readonly selects = new Map<number, string>();
  private wantsFocus: HTMLElement | undefined;

  constructor(private readonly given: Surroundings) {
    this.placing = new Placing(given.container, given.signal);
    this.templates = new Templates(given.events);
  }

  /** Show the tree where nothing was shown before. */
  mount(): void {
    this.arrange(this.given.container, this.ownersOf(this.given.tree.root));
    this.wantsFocus = undefined; // a notebook that is opened does not hand its focus to a widget
    this.settle([]);
  }

  /** Show the tree, which is another one now, with all DOM nodes that can go on. `past` was the root. */
  morph(past: TreeNode): void {
    this.stray(past);
    this.arrange(this.given.container, this.ownersOf(this.given.tree.root));
  }

  /** Clear away all that is shown and show the tree anew. */
  rebuild(): void {
    for (const lifetime of this.lifetimes.values()) lifetime.abort();
    for (const map of [this.doms, this.layers, this.lifetimes, this.selects]) map.clear();
    this.strays.clear();
    this.shown.clear();
    this.given.container.replaceChildren();
    this.mount();
  }

  /** The node of the tree that a DOM node belongs to, if it is one of this view's. */
  nodeOf(dom: Node | null): TreeNode | undefined {
    for (let each = dom; each; each = each.parentNode) {
      const id = this.idOf(each);
      const node = id === undefined ? undefined : this.given.tree.nodes.get(id);
      if (node) return node;
    }
    return undefined;
  }

  /** The element that a node is shown by, if it has one. */
  elementOf(id: number): Element | undefined {
    const dom = this.doms.get(id);
    return dom instanceof Element ? dom : undefined;
  }

  /** Change what is shown as an operation just changed the tree. */
  apply(operation: Operation): void {
    switch (operation.kind) {
      case 'text':
        return this.text(operation.id, operation.text);
      case 'set':
        return this.set(this.given.tree.node(operation.id), operation.name, operation.value);
      case 'append': {
        const node = this.given.tree.node(operation.id);
        return this.set(node, operation.name, node.props[operation.name]);
      }
      case 'unset':
        return this.set(this.given.tree.node(operation.id), operation.name, undefined);
      case 'insert':
        return this.insert(this.given.tree.node(operation.parent), operation.before, operation.nodes);
      case 'move': {
        const parent = this.given.tree.node(operation.parent);
        this.touch(parent);
        return this.placing.put(this.inside(parent), this.dom(operation.child), this.domOrNull(operation.before));
      }
      case 'remove':
        this.touch(this.nodeOf(this.dom(operation.child).parentNode));
        return this.stray(this.given.tree.leaving.get(operation.child));
      case 'replace':
        return this.replace(operation.id, operation.node);
      case 'call':
        return this.call(this.elementOf(operation.id), operation.method, operation.args);
    }
  }

  /** The patch is through: take away what left, and let selects choose again. */
  settle(gone: readonly number[]): void {
    for (const id of gone) {
      this.end(id);
      this.doms.delete(id);
      this.given.typing.forget(id);
    }
    takeAway(this.strays);
    this.strays.clear();
    this.shown.clear();
    this.chooseAgain();
    this.wantsFocus?.focus();
    this.wantsFocus = undefined;
  }

  private text(id: number, text: string): void {
    const dom = this.dom(id);
    const node = this.given.tree.node(id);
    this.touchText(node);
    if (dom instanceof Text) {
      dom.data = text;
      return;
    }
    const inside = this.inside(node);
    for (const child of inside.childNodes) if (this.idOf(child) !== undefined) this.leave(child);
    this.write(inside, text);
  }

  /** Have an element's own text be this one, whatever else is still in it. */
  private write(inside: Node, text: string): void {
    for (const child of [...inside.childNodes]) {
      if (child instanceof Text && this.idOf(child) === undefined) child.remove();
    }
    if (text) inside.appendChild(document.createTextNode(text));
  }

  private set(node: TreeNode, name: string, value: Prop | undefined): void {
    const element = this.elementOf(node.id);
    if (!element) return;
    const type = eventOf(name);
    if (type) {
      if (value !== undefined) this.given.events.listen(type, value);
      return;
    }
    if (isFilling(node.tag, name)) return this.fill(node, element);
    if (name === 'id' && value === undefined) {
      element.id = domId(node.id);
      return;
    }
    if (TYPED.has(name) && this.given.typing.isAhead(node.id, element, () => this.set(node, name, node.props[name]))) {
      if (name === 'value' && !value) this.given.typing.cleared(node.id, element);
      return;
    }
    if (name === 'value') this.touch(node);
    if (value === undefined) unsetProp(element, name);
    else setProp(element, name, value);
    if (name === 'class' && isRich(node.tag)) element.classList.add(richClass(node.tag));
  }

  private insert(parent: TreeNode, before: number | null, nodes: readonly TreeNode[]): void {
    this.touch(parent);
    const inside = this.inside(parent);
    const next = this.domOrNull(before);
    let made = document.createDocumentFragment();
    const flush = (): void => {
      if (made.firstChild) inside.insertBefore(made, next);
      made = document.createDocumentFragment();
    };
    for (const node of nodes) {
      const dom = this.show(node, namespaceInside(inside));
      if (dom.parentNode) {
        flush();
        this.placing.put(inside, dom, next);
      } else {
        made.appendChild(dom);
      }
    }
    flush();
  }

  private replace(id: number, node: TreeNode): void {
    const { container, tree } = this.given;
    const past = tree.leaving.get(id);
    const dom = this.dom(id);
    const { parentNode, nextSibling } = dom;
    this.stray(past);
    if (!node.parent || !parentNode || dom === container) return this.arrange(container, this.ownersOf(tree.root));
    this.placing.put(parentNode, this.show(node, namespaceInside(parentNode)), nextSibling);
  }

  private call(element: Element | undefined, method: string, args: readonly unknown[]): void {
    const act = element && (element as unknown as Record<string, unknown>)[method];
    if (METHODS.has(method) && typeof act === 'function') act.apply(element, args);
  }

  /** The nodes that stand in the container: the root, or the children of one that has no element. */
  private ownersOf(root: TreeNode): Iterable<TreeNode> {
    if (root.tag !== FRAGMENT) return [root];
    this.doms.set(root.id, this.given.container);
    if (root.text) this.text(root.id, root.text);
    return root.children();
  }

  /** Have a DOM node hold just what these nodes are shown by, in their order; what else is in it is passed over. */
  private arrange(inside: Node, nodes: Iterable<TreeNode>): void {
    const namespace = namespaceInside(inside);
    const doms = Array.from(nodes, node => this.show(node, namespace));
    const staying = new Set(doms);
    let next = inside.firstChild;
    for (const dom of doms) {
      while (next && !staying.has(next)) next = next.nextSibling;
      if (next === dom) next = next.nextSibling;
      else this.placing.put(inside, dom, next);
    }
  }

  /** The DOM node for a node: the one it had before, if it only changed its place, or a new one. */
  private show(node: TreeNode, namespace: string): Node {
    const past = this.given.tree.leaving.get(node.id);
    const dom = this.doms.get(node.id);
    if (dom && past && past.tag === node.tag && dom !== this.given.container && isOfNamespace(node.tag, namespace, dom)) {
      this.strays.delete(dom);
      this.shown.add(dom);
      this.goOn(dom, past, node);
      return dom;
    }
    this.end(node.id);
    const made = this.make(node, namespace);
    this.doms.set(node.id, made);
    this.own(made, node.id);
    return made;
  }

  private goOn(dom: Node, past: TreeNode, node: TreeNode): void {
    if (past.text !== node.text) this.touchText(node);
    if (dom instanceof Text) {
      if (dom.data !== node.text) dom.data = node.text;
      return;
    }
    this.props(past, node);
    if (isRich(node.tag)) return;
    const inside = this.inside(node);
    // Of the old children, one that was shown already has another place now, and may even be around this one.
    for (const child of past.first ? inside.childNodes : []) {
      if (this.idOf(child) !== undefined && !this.shown.has(child)) this.strays.add(child);
    }
    if (past.text !== node.text) this.write(inside, node.text);
    if (node.first) {
      this.touch(node);
      this.arrange(inside, node.children());
    }
  }

  private props(past: TreeNode, node: TreeNode): void {
    const [before, after] = [past.props, node.props];
    if (before === after) return;
    for (const name in before) if (!(name in after)) this.set(node, name, undefined);
    for (const name in after) {
      const value = after[name] as Prop;
      if (!isSame(before[name], value)) this.set(node, name, value);
    }
  }

  private make(node: TreeNode, namespace: string): Node {
    if (node.tag === TEXT) return document.createTextNode(node.text);
    if (node.tag === '#portal') return this.makePortal(node);
    const template = this.templates.of(node.shape, namespace);
    const element = template.element.cloneNode(false) as Element;
    if (!template.hasId) element.id = domId(node.id);
    if (template.isRich) {
      this.doms.set(node.id, element);
      this.fill(node, element);
      return element;
    }
    if (node.text) element.appendChild(document.createTextNode(node.text));
    for (let child = node.first; child; child = child.next) element.appendChild(this.show(child, template.within));
    for (const name of template.late) setProp(element, name, node.props[name] as Prop);
    if (template.wantsFocus) this.wantsFocus = element as HTMLElement;
    return element;
  }

  /** A mark in its place, and the children in a layer over the page. */
  private makePortal(node: TreeNode): Node {
    const lifetime = this.lifetime(node.id);
    const layer = layerFor(this.given.container, lifetime);
    this.layers.set(node.id, layer);
    this.own(layer, node.id);
    this.given.events.watch(layer, lifetime);
    this.placing.watch(layer, lifetime);
    if (node.text) layer.append(node.text);
    for (const child of node.children()) layer.appendChild(this.show(child, HTML));
    return document.createComment('');
  }

  private fill({ id, tag, props }: TreeNode, element: Element): void {
    if (tag === '#html') return showHtml(element, String(props.html ?? ''), this.given.model);
    this.end(id);
    void showWidget(element, String(props.model ?? ''), this.given.model, this.lifetime(id));
  }

  private lifetime(id: number): AbortSignal {
    const controller = new AbortController();
    this.lifetimes.set(id, controller);
    this.given.signal.addEventListener('abort', () => controller.abort(), { once: true, signal: controller.signal });
    return controller.signal;
  }

  private end(id: number): void {
    this.lifetimes.get(id)?.abort();
    this.lifetimes.delete(id);
    this.layers.delete(id);
  }

  /** What showed a node leaves when the patch is through. */
  private stray(node: TreeNode | undefined): void {
    if (!node) return;
    const dom = this.doms.get(node.id);
    if (dom && dom !== this.given.container) this.leave(dom);
    else for (const child of node.children()) this.stray(child);
  }

  /** The text of an option is its value, unless it has one of its own. */
  private touchText(node: TreeNode): void {
    const owner = node.tag === TEXT ? node.parent : node;
    if (owner?.tag !== 'option' || owner.props.value === undefined) this.touch(owner);
  }

  /** A select chooses again when its options have changed: the browser would take the first of them, or the same place. */
  private touch(node: TreeNode | null | undefined): void {
    let select = node;
    while (select?.tag === 'option' || select?.tag === 'optgroup') select = select.parent;
    const element = select?.tag === 'select' && this.elementOf(select.id);
    if (select && element && hasValue(element) && !this.selects.has(select.id)) this.selects.set(select.id, element.value);
  }

  private chooseAgain(): void {
    for (const [id, before] of this.selects) {
      const node = this.given.tree.nodes.get(id);
      const select = this.elementOf(id);
      if (!node || !(select instanceof HTMLSelectElement)) continue;
      const told = node.props.value;
      if (told !== undefined && !this.given.typing.isAhead(id, select)) setProp(select, 'value', told);
      else if (select.value !== before && [...select.options].some(each => each.value === before)) select.value = before;
    }
    this.selects.clear();
  }

  private leave(dom: Node): void {
    this.strays.add(dom);
    this.shown.delete(dom);
  }

  private own(dom: Node, id: number): void {
    (dom as Owned)[this.key] = id;
  }

  private idOf(dom: Node): number | undefined {
    return (dom as Owned)[this.key];
  }

  private dom(id: number): Node {
    const dom = this.doms.get(id);
    if (!dom) throw new Error(`flow: element ${id} is not shown`);
    return dom;
  }

  private domOrNull(id: number | null): Node | null {
    return id === null ? null : this.dom(id);
  }

  /** Where the children of a node stand. */
  private inside(node: TreeNode): Node {
    return this.layers.get(node.id) ?? this.dom(node.id);
  }
}

function domId(id: number): string {
  return `flow-${id}`;
}
