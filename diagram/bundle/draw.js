// What is ours of the drawer: it reads mermaid with a library, and has it laid out; of the picture it keeps the shapes, and gives them the classes by
// which the site's style sheet draws them. It runs in the tool, in an engine without a document, and in a page, under a policy that allows no style.
import {parseMermaid} from "./node_modules/beautiful-mermaid/src/parser.ts";
import {layoutGraphSync} from "./node_modules/beautiful-mermaid/src/layout.ts";
import {renderSvg} from "./node_modules/beautiful-mermaid/src/renderer.ts";
import {parseSequenceDiagram} from "./node_modules/beautiful-mermaid/src/sequence/parser.ts";
import {layoutSequenceDiagram} from "./node_modules/beautiful-mermaid/src/sequence/layout.ts";
import {renderSequenceSvg} from "./node_modules/beautiful-mermaid/src/sequence/renderer.ts";
import {parseClassDiagram} from "./node_modules/beautiful-mermaid/src/class/parser.ts";
import {layoutClassDiagramSync} from "./node_modules/beautiful-mermaid/src/class/layout.ts";
import {renderClassSvg} from "./node_modules/beautiful-mermaid/src/class/renderer.ts";
import {parseErDiagram} from "./node_modules/beautiful-mermaid/src/er/parser.ts";
import {layoutErDiagramSync} from "./node_modules/beautiful-mermaid/src/er/layout.ts";
import {renderErSvg} from "./node_modules/beautiful-mermaid/src/er/renderer.ts";

const margin = 8;
const options = {padding: margin};
const colours = {bg: "", fg: ""}; // they are in what is left out

// margin is what the library leaves around each kind beyond ours.
const graph = {
  margin: 0,
  parse: lines => parseMermaid(lines.join("\n")),
  draw: d => renderSvg(layoutGraphSync(d, options), colours, "", true)
};
const kinds = [
  {head: /^(?:graph|flowchart)\s+(?:TD|TB|LR|BT|RL)$/i, classes: true, ...graph},
  {head: /^stateDiagram(?:-v2)?$/i, classes: true, ...graph},
  {
    head: /^sequenceDiagram$/i, margin: 30 - margin,
    parse: parseSequenceDiagram, draw: d => renderSequenceSvg(layoutSequenceDiagram(d, options), colours, "", true)
  },
  {
    head: /^classDiagram$/i, margin: 40 - margin,
    parse: parseClassDiagram, draw: d => renderClassSvg(layoutClassDiagramSync(d, options), colours, "", true)
  },
  {
    head: /^erDiagram$/i, margin: 40 - margin,
    parse: parseErDiagram, draw: d => renderErSvg(layoutErDiagramSync(d, options), colours, "", true)
  }
];

const scale = 12 / 11; // the library's smallest text becomes twelve pixels high
const said = /^[ \t]*acc(Title|Descr)[ \t]*(?::[ \t]*(.*)|\{([^}]*)\})[ \t\r]*$/gm;
const colouring = /^(?:classDef|style|linkStyle)\s/; // colours are the site's
const modes = /^(thread|process)[_-]?\d*$/;
const dangling = /(?:--|==|->|>>|-\.-?>?|~~~)$/; // a link that leads nowhere
// Words that say how something is drawn, and stand in no label.
const keywords = new Set((`subgraph end direction td tb lr bt rl participant actor as note left right of over loop alt else opt par and critical break
  rect rgb rgba class namespace state br b i u s o x end`).split(/\s+/));

function Mistake(line, message) {
  this.line = line;
  this.message = message;
}

// read returns what the source says: its kind, its lines with their numbers, and who is a thread or a process.
function read(source) {
  const text = {Title: "", Descr: ""};
  source = source.replace(said, (all, name, line, block) => {
    text[name] = (line || block || "").trim().replace(/\s+/g, " ");
    return all.replace(/[^\n]/g, "");
  });
  const lines = [], modeOf = new Map();
  let kind = null;
  source.split("\n").forEach((line, i) => {
    line = line.trim();
    if (line === "" || line.startsWith("%%") || kind && colouring.test(line)) return;
    if (!kind) {
      line = line.replace(/;$/, "");
      kind = kinds.find(k => k.head.test(line));
      if (!kind) throw new Mistake(i + 1, "this is no kind of diagram that can be drawn: flowchart with its direction, sequenceDiagram, stateDiagram-v2, classDiagram, erDiagram");
    }
    const named = kind.classes && line.match(/^class\s+([\w,-]+)\s+(\w+)$/);
    if (named) named[1].split(",").forEach(id => modeOf.set(id, named[2]));
    else lines.push({number: i + 1, text: line});
  });
  if (!kind) throw new Mistake(1, "there is nothing to draw");
  return {kind, lines, modeOf, title: text.Title, descr: text.Descr};
}

const words = s => s.toLowerCase().match(/[\w\u00aa-\uffff]+/g) || [];

// heard collects the words of all texts in what the library has read.
function heard(value, all) {
  if (value instanceof Map) value.forEach((v, k) => { heard(k, all); heard(v, all); });
  else if (typeof value === "string") words(value).forEach(w => all.add(w));
  else if (value && typeof value === "object") Object.keys(value).forEach(k => heard(value[k], all));
  return all;
}

// unread throws at the first line of which a part is lost: the library leaves out what it does not know, and says nothing.
function unread(lines, parsed) {
  const all = heard(parsed, new Set(keywords));
  lines.slice(1).forEach(line => {
    const lost = words(line.text).find(w => !all.has(w) && !all.has(w.replace(/^[xo]/, ""))); // arrows end in x and o, too
    if (lost !== undefined) throw new Mistake(line.number, '"' + lost + '" is not drawn: the drawer does not know what this line says');
    if (dangling.test(line.text)) throw new Mistake(line.number, "this line leads nowhere: a name is missing at its end");
  });
}

const xml = s => s.replace(/[&<>"]/g, c => ({"&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;"})[c]);
const round = s => s.replace(/-?\d+\.\d+/g, n => String(Math.round(n * 100) / 100));
const numbers = /^(?:x|y|x1|y1|x2|y2|cx|cy|r|rx|ry|dy|width|height|points|d|refX|refY)$/;

// dressed returns what is kept of the attributes of an element.
function dressed(element, attributes, modeOf) {
  const classes = [];
  let kept = "";
  attributes.replace(/([\w:-]+)="([^"]*)"/g, (_, name, value) => {
    const colour = value.match(/^var\(--_?([\w-]+)\)$/);
    if (name === "data-id" && element === "g") {
      const mode = modeOf.get(value) || (modes.exec(value.toLowerCase()) || [])[1];
      if (mode === "thread" || mode === "process") classes.push("svg-" + mode);
    } else if ((name === "fill" || name === "stroke") && colour) {
      classes.push((name === "fill" ? "svg-f-" : "svg-s-") + colour[1]);
    } else if (name === "class") {
      classes.unshift("svg-" + value);
    } else if (name === "font-size") {
      kept += ' font-size="' + Math.max(11, value) + '"';
    } else if (name !== "style" && !name.startsWith("data-") && !((name === "fill" || name === "stroke") && !/^none$|^url\(/.test(value))) {
      kept += " " + name + '="' + (numbers.test(name) ? round(value) : value) + '"';
    }
    return "";
  });
  return (classes.length ? ' class="' + classes.join(" ") + '"' : "") + kept;
}

function svg(source) {
  const said_ = read(source), {kind, modeOf} = said_;
  let parsed;
  try {
    parsed = kind.parse(said_.lines.map(l => l.text));
  } catch (e) {
    throw new Mistake(said_.lines[0].number, String(e && e.message || e));
  }
  unread(said_.lines, parsed);
  if (parsed.classAssignments) parsed.classAssignments.forEach((name, id) => modeOf.set(id, name));
  const drawn = kind.draw(parsed);
  const size = drawn.match(/viewBox="0 0 ([\d.]+) ([\d.]+)"/);
  const width = size[1] - 2 * kind.margin, height = size[2] - 2 * kind.margin;
  const body = drawn.slice(drawn.indexOf("</style>") + "</style>".length, drawn.lastIndexOf("</svg>"))
    .replace(/<([\w]+)((?:\s+[\w:-]+="[^"]*")*)\s*(\/?)>/g, (_, element, attributes, end) => "<" + element + dressed(element, attributes, modeOf) + end + ">")
    .replace(/ refX="0"/g, ' refX="12"') // of diamonds, which else lie under the box that they are at
    .replace(/<text[^>]*>\(no attributes\)<\/text>/g, "") // it is said by nothing
    .replace(/\n\s*/g, "\n");
  const labels = (said_.title ? ["title"] : []).concat(said_.descr ? ["desc"] : []);
  return '<svg xmlns="http://www.w3.org/2000/svg" viewBox="' + [kind.margin, kind.margin, width, height].map(n => round(String(n))).join(" ") +
    '" width="' + Math.ceil(width * scale) + '" height="' + Math.ceil(height * scale) + '" role="img"' +
    (labels.length ? ' aria-labelledby="' + labels.join(" ") + '"' : "") + ">" +
    (said_.title ? '\n<title id="title">' + xml(said_.title) + "</title>" : "") +
    (said_.descr ? '\n<desc id="desc">' + xml(said_.descr) + "</desc>" : "") +
    body + "</svg>\n";
}

// draw returns {svg} or, where the source cannot be drawn, {line, message}; line is 0 where it is not known.
export const draw = source => {
  try {
    return {svg: svg(source)};
  } catch (e) {
    return {line: e instanceof Mistake ? e.line : 0, message: String(e && e.message || e)};
  }
};
