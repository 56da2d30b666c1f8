import {draw} from "./draw.js";
import {place} from "./place.js";

globalThis.courseDiagram = {draw, place: (into, source, prefix) => place(into, draw(source), prefix)};
