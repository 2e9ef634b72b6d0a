// Elements without a framework. Text from outside only ever becomes a text node.

/** An element: `h("p", { class: "about", onclick }, "text", child)`. Null, undefined and false children are left out. */
export function h(tag, props = {}, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(props)) {
    if (typeof value === "function") element.addEventListener(name.slice(2), value);
    else if (value === true) element.setAttribute(name, "");
    else if (value !== false && value !== null && value !== undefined) element.setAttribute(name, value);
  }
  element.append(...children.flat().filter((child) => child !== null && child !== undefined && child !== false));
  return element;
}

/**
 * Make the children of `parent` stand for `items`. What did not change keeps its element, and with it focus, selection
 * and whatever was unfolded. Every item has a `key`; `make(item)` makes its element.
 */
export function show(parent, items, make) {
  const before = new Map([...parent.children].map((element) => [element.dataset.key, element]));
  const after = items.map((item) => {
    const state = JSON.stringify(item);
    const kept = before.get(item.key);
    if (kept?.state === state) return kept;
    const made = make(item, kept);
    made.dataset.key = item.key;
    made.state = state;
    return made;
  });
  const wanted = new Set(after);
  for (const element of [...parent.children]) if (!wanted.has(element)) element.remove();
  after.forEach((element, place) => {
    if (parent.children[place] !== element) parent.insertBefore(element, parent.children[place] ?? null);
  });
}
