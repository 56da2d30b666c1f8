// Keeps an open page up to date with the site that the server shows. Idiomorph is served before this.
//
// After each change the document gets the event "live:patched": a script that has changed what the
// page's HTML says (added buttons, set attributes) does it again then. Attributes of <html>, other than
// lang and dir, are left to such scripts.
(() => {
  "use strict";

  const script = document.currentScript;
  const base = new URL(".", script.src);
  let shown = script.dataset.version; // of the site that this page is from

  // --- the page ---------------------------------------------------------------------------------

  let fetching = false;
  let wanted = shown; // version that the server shows

  async function update() {
    if (fetching) return; // the loop below sees what is wanted now
    fetching = true;
    while (wanted !== shown) {
      try {
        const response = await fetch(location.href, { cache: "no-store" });
        const type = response.headers.get("Content-Type") || "";
        if (!type.startsWith("text/html")) return location.reload();
        patch(new DOMParser().parseFromString(await response.text(), "text/html"));
      } catch (error) {
        console.warn("live: the page could not be fetched:", error);
        await new Promise((resolve) => setTimeout(resolve, 1000));
      }
    }
    fetching = false;
  }

  function patch(next) {
    const own = next.querySelector("script[data-version]");
    if (!own) return location.reload(); // another server has this address now
    Idiomorph.morph(document.documentElement, next.documentElement, {
      callbacks: {
        beforeAttributeUpdated: (name, element) => !isReaders(name, element),
        beforeNodeRemoved: (node) => node !== host,
      },
    });
    shown = own.dataset.version;
    if (!newer(wanted, shown)) wanted = shown; // the page may well be newer than the message that made us fetch it
    document.dispatchEvent(new CustomEvent("live:patched"));
  }

  // isReaders tells what the reader, or a script for the reader, has made of an element.
  function isReaders(name, element) {
    if (element === document.documentElement) return name !== "lang" && name !== "dir";
    switch (name) {
      case "open":
        return element.localName === "details" || element.localName === "dialog";
      case "value":
        return "defaultValue" in element && element.value !== element.defaultValue;
      case "checked":
        return element.checked !== element.defaultChecked;
      case "selected":
        return element.selected !== element.defaultSelected;
    }
    return false;
  }

  // newer compares versions, "epoch.number". Those of two servers cannot be compared: neither is newer.
  function newer(a, b) {
    const [epoch, number] = a.split(".");
    const [otherEpoch, otherNumber] = b.split(".");
    return epoch === otherEpoch && Number(number) > Number(otherNumber);
  }

  // --- what lies over the page ------------------------------------------------------------------

  const host = document.createElement("div");
  const root = host.attachShadow({ mode: "open" });
  const style = make("link", "");
  style.rel = "stylesheet";
  style.href = new URL("live.css", base).href;
  const panel = make("section", "panel");
  panel.setAttribute("aria-label", "Problems of this course");
  const problemList = make("div", "problems");
  problemList.setAttribute("role", "alert");
  const hide = make("button", "hide", "Hide");
  const unhide = make("button", "unhide");
  const status = make("p", "status");
  status.setAttribute("role", "status");
  panel.append(hide, problemList);
  const corner = make("div", "corner");
  corner.append(status, unhide);
  root.append(style, panel, corner);
  hide.addEventListener("click", () => arrange(true, unhide));
  unhide.addEventListener("click", () => arrange(false, hide));
  panel.hidden = unhide.hidden = true;
  document.documentElement.append(host);

  // make never takes markup: what it shows comes from files that anybody may have written.
  function make(tag, className, text) {
    const element = document.createElement(tag);
    if (className) element.className = className;
    if (text) element.textContent = text;
    return element;
  }

  let lastProblems = "";

  function showProblems({ total, problems }) {
    const now = JSON.stringify([total, problems]);
    if (now === lastProblems) return; // what the reader has hidden stays so
    const mended = lastProblems !== "" && total === 0;
    lastProblems = now;
    const count = total === 1 ? "1 problem" : `${total} problems`;
    unhide.textContent = count;
    const list = make("ol");
    list.append(...problems.map(item));
    const parts = [make("h2", "", count), list];
    if (problems.length < total) parts.push(make("p", "", `and ${total - problems.length} more`));
    panel.hidden = total === 0; // before its content changes: what is hidden is not read out
    unhide.hidden = true;
    problemList.replaceChildren(...(total === 0 ? [] : parts));
    if (mended) say("No problems any more", 3000);
  }

  function item({ where, message, hint, before, marked, after }) {
    const li = make("li");
    if (where) li.append(make("p", "where", where));
    li.append(make("p", "message", message));
    if (before || marked || after) {
      const source = make("pre", "source");
      source.append(before || "");
      if (marked || before) source.append(make("mark", "", marked || " "));
      source.append(after || "");
      li.append(source);
    }
    if (hint) li.append(make("p", "hint", hint));
    return li;
  }

  function arrange(hidden, focus) {
    panel.hidden = hidden;
    unhide.hidden = !hidden;
    focus.focus();
  }

  // --- the status line --------------------------------------------------------------------------

  let expiry;

  // say shows text for so many milliseconds, or until the next.
  function say(text, milliseconds) {
    clearTimeout(expiry);
    if (status.textContent !== text) status.textContent = text;
    if (text && milliseconds) expiry = setTimeout(say, milliseconds, "");
  }

  // A run that an edit has stopped sends nothing more: its line goes after a while.
  const silence = 15000;

  function showRun({ kind, id, mode }) {
    switch (kind) {
      case "building":
        return say(`Building ${id}`, silence);
      case "started":
      case "printed":
      case "ended":
        return say(mode && mode !== "plain" ? `Running ${id}, ${mode}` : `Running ${id}`, silence);
      case "done":
        return say(`${id} is done`, 2000);
    }
  }

  // --- messages ---------------------------------------------------------------------------------

  const state = new Map(); // event -> its last message
  let lastId = "";

  function receive({ event, data, id }) {
    state.set(event, { event, data, id });
    lastId = id || lastId;
    switch (event) {
      case "connection":
        if (!data) state.delete("run"); // the server says what runs when it is back
        return say(data ? "" : "The server does not answer");
      case "show":
        wanted = data.version;
        return update();
      case "problems":
        return showProblems(data);
      case "run":
        if (data.kind === "done") state.delete("run");
        return showRun(data);
    }
  }

  // listen holds the stream of messages from the server, and tells other pages of each.
  function listen(tell) {
    const pass = (message) => {
      receive(message);
      tell(message);
    };
    const url = new URL("events", base);
    url.searchParams.set("after", lastId);
    const source = new EventSource(url);
    for (const event of ["show", "problems", "run"]) {
      source.addEventListener(event, (m) => pass({ event, data: JSON.parse(m.data), id: m.lastEventId }));
    }
    source.addEventListener("open", () => pass({ event: "connection", data: true }));
    source.addEventListener("error", () => {
      pass({ event: "connection", data: false });
      if (source.readyState !== EventSource.CLOSED) return; // it tries again by itself
      setTimeout(listen, 1000, tell);
    });
  }

  // One page listens for all pages of a browser: it allows six connections to a server, and streams
  // would take them all. When that page goes, the next in line listens.
  if (navigator.locks && window.BroadcastChannel) {
    const name = "live:" + base.pathname;
    const channel = new BroadcastChannel(name);
    let leads = false;
    channel.addEventListener("message", ({ data }) => {
      if (data !== "what is the state?") receive(data);
      else if (leads) state.forEach((message) => channel.postMessage(message));
    });
    channel.postMessage("what is the state?");
    navigator.locks.request(name, () => {
      leads = true;
      listen((message) => channel.postMessage(message));
      return new Promise(() => {}); // held until the page goes
    });
  } else {
    listen(() => {});
  }
  addEventListener("pageshow", (event) => {
    if (!event.persisted) return;
    wanted = ""; // it heard nothing while the browser kept it aside
    update();
  });
})();
