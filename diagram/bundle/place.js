// What a page does with a drawing: it makes the elements that draw.js writes, and no other, for the source may be a stranger's.
const namespace = "http://www.w3.org/2000/svg";
const elements = new Set("svg title desc defs marker g rect line polyline polygon path circle ellipse text tspan".split(" "));
const attributes = new Set(("id class viewBox width height role aria-labelledby points d x y x1 x2 y1 y2 cx cy r rx ry dx dy fill stroke stroke-width " +
  "stroke-dasharray stroke-linejoin stroke-linecap marker-start marker-end markerWidth markerHeight refX refY orient text-anchor font-size font-weight " +
  "font-style text-decoration transform opacity dominant-baseline").split(" "));

function copy(node, prefix) {
  if (node.nodeType === Node.TEXT_NODE) return document.createTextNode(node.data);
  if (node.nodeType !== Node.ELEMENT_NODE || node.namespaceURI !== namespace || !elements.has(node.localName)) return null;
  const made = document.createElementNS(namespace, node.localName);
  for (const {name, value} of node.attributes) {
    if (!attributes.has(name)) continue;
    made.setAttribute(name, name === "id" ? prefix + value :
      name === "aria-labelledby" ? value.split(" ").map(id => prefix + id).join(" ") :
      value.replace(/^url\(#(.*)\)$/, (_, id) => "url(#" + prefix + id + ")"));
  }
  for (const child of node.childNodes) {
    const inner = copy(child, prefix);
    if (inner) made.append(inner);
  }
  return made;
}

// place puts what was drawn into an element, its ids with the prefix, and returns null; or why it could not be drawn, in words.
export function place(into, {svg, message}, prefix) {
  if (!svg) return message;
  const drawing = copy(new DOMParser().parseFromString(svg, "image/svg+xml").documentElement, prefix);
  if (!drawing) return "it is no drawing";
  into.replaceChildren(drawing);
  return null;
}
