// Search: a dialog that answers as one types, from an index whose files are loaded as they are needed. All that it shows is text. What a word is
// is said in words.go, too; how files are written, in files.go. It is written in ES2018, whose regular expressions know what a letter is: a browser without them
// has no search, and lacks nothing else.
(function () {
  "use strict";
  var digits = "!#$%&'()*+,-./0123456789:;=>?@ABCDEFGHIJKLMNOPQRSTUVWXYZ[]^_`abcdefghijklmnopqrstuvwxyz{|}~", ends = 72, levels = 8;
  var top, files, waiting, fresh = "";
  var stale = new Error("The site has changed. Load the page again to search it.");

  // --- the index --------------------------------------------------------------------------------

  function forget() { top = null; files = new Map(); waiting = new Map(); }
  forget();

  // load resolves to what is in a file of the index.
  function load(name) {
    if (!files.has(name)) files.set(name, new Promise(function (resolve, reject) {
      var mine = [resolve, reject];
      function missed() {
        if (waiting.get(name) !== mine) return; // it has come
        waiting.delete(name);
        files.delete(name); // it is asked for again when it is needed again
        reject(new Error("The index could not be loaded."));
      }
      waiting.set(name, mine);
      course.run("assets/search/" + name + ".js" + (top ? "?" + top.key : fresh)).then(missed, missed); // no cache gives a file of another build
    }));
    return files.get(name);
  }

  course.indexed = function (data, name, key) {
    var then = waiting.get(name);
    waiting.delete(name);
    if (!then) return;
    if (name === "index") data.key = key;
    else if (!top || top.key !== key) return then[1](stale);
    then[0](name[0] === "w" ? shelf(data[0].split(" "), data[1].split(" ")) : data);
  };

  function numbers(text) {
    var all = [], n = 0;
    for (var i = 0; i < text.length; i++) {
      var d = digits.indexOf(text[i]);
      if (d < ends) { all.push(n * ends + d); n = 0; } else n = n * (digits.length - ends) + d - ends;
    }
    return all;
  }

  // begin reads the first file of the index.
  async function begin() {
    var t = await load("index");
    if (t.pageOf) return top = t;
    t.first = []; t.pageOf = []; t.infoOf = []; t.textOf = [];
    numbers(t.sections).forEach(function (n, page) {
      t.first.push(t.pageOf.length);
      while (n--) t.pageOf.push(page);
    });
    [[t.infos, t.infoOf], [t.texts, t.textOf]].forEach(function (pair) {
      numbers(pair[0]).forEach(function (n, file) { for (var i = 0; i < n; i++) pair[1].push([file, i]); });
    });
    t.firsts = t.firsts.split(" ");
    t.stop = new Set(t.stop.split(" ").map(stem));
    return top = t;
  }

  // shelf returns the words of a file with where they are.
  function shelf(words, lists) { return words.map(function (w, i) { return [w, lists[i]]; }); }

  function shelfOf(word) {
    var i = top.firsts.length - 1;
    while (i > 0 && top.firsts[i] > word) i--;
    return i;
  }

  // --- words ------------------------------------------------------------------------------------

  var run = /[\p{L}\p{N}\p{M}]+/gu;
  var unspaced = /([\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\u{20000}-\u{3ffff}]+)/u;

  function fold(s) {
    return s.normalize("NFKD").replace(/[\u0300-\u036f]/g, "").normalize("NFKC").toLowerCase().replace(/ς/g, "σ").replace(/ß/g, "ss");
  }

  function stem(w) {
    if (w.length < 4 || !/[^sui]s$/.test(w)) return w;
    if (/..ies$/.test(w)) return w.slice(0, -3) + "y";
    return /(ss|sh|ch|x)es$/.test(w) ? w.slice(0, -2) : w.slice(0, -1);
  }

  // wordsOf calls found with each word of a folded run; of characters that stand without blanks with each two.
  function wordsOf(folded, found) {
    (folded.match(run) || []).forEach(function (r) {
      r.split(unspaced).forEach(function (part, i) {
        var chars = i % 2 ? Array.from(part) : [];
        if (chars.length < 2) { if (part) found(part.slice(0, 40)); return; }
        for (var k = 1; k < chars.length; k++) found(chars[k - 1] + chars[k]);
      });
    });
  }

  function read(query) {
    var all = new Set();
    wordsOf(fold(query.slice(0, 200)), function (w) { if (!top.stop.has(stem(w)) && !/^[a-z]$/.test(w) && all.size < 8) all.add(w); });
    return Array.from(all);
  }

  // near reports whether one letter more, less, another, or two in the other order make a of b.
  function near(a, b) {
    if (Math.abs(a.length - b.length) > 1 || a === b) return false;
    var i = 0, j = 0;
    while (a[i] === b[i] && i < a.length) i++;
    while (a[a.length - 1 - j] === b[b.length - 1 - j] && j < Math.min(a.length, b.length) - i) j++;
    var m = a.slice(i, a.length - j), n = b.slice(i, b.length - j);
    return m.length < 2 && n.length < 2 || m.length === 2 && m === n[1] + n[0];
  }

  // --- finding ----------------------------------------------------------------------------------

  // meant returns the words of the index that a word of a query may mean, each with how much it counts.
  async function meant(word) {
    var whole = stem(word), found = new Map(), from = shelfOf(word), many = top.firsts.length;
    var at = new Set([shelfOf(whole), from, Math.min(shelfOf(word + "\uffff"), from + 1)]);
    async function look(at, as) {
      (await Promise.all(Array.from(at, function (i) { return load("w" + i); }))).forEach(function (shelf) {
        shelf.forEach(function (w) { var counts = as(w[0]); if (counts) found.set(w[0], [counts, w[1]]); });
      });
    }
    var short = word.length < 2 && !unspaced.test(word);
    await look(at, function (w) { return w === whole ? 1 : !short && w.startsWith(word) ? 0.2 + 0.4 * word.length / w.length : 0; });
    if (found.size || word.length < 4) return found;
    // Nothing is called so: then what is nearly called so, with the same first letter or the first two in the other order.
    at = new Set([shelfOf(word[1] + word[0] + word.slice(2))]);
    for (var i = many < 9 ? 0 : Math.max(0, from - 1); i < many && (many < 9 || i < from + 2); i++) at.add(i);
    await look(at, function (w) { return near(whole, w) || near(word, w) ? 0.5 : 0; });
    found.typo = true;
    return found;
  }

  // find resolves to the pages that a query finds, best first.
  async function find(query) {
    await begin();
    var words = read(query), n = top.pageOf.length, pages = top.first.length;
    var found = await Promise.all(words.map(meant));
    var sums = new Float32Array(n), best = words.map(function () { return new Float32Array(pages); });
    found.forEach(function (of, k) {
      var weights = new Float32Array(n), frequency = 0;
      of.forEach(function (w) {
        var section = -1;
        numbers(w[1]).forEach(function (v) {
          section += 1 + Math.floor(v / levels);
          if (!weights[section]) frequency++;
          weights[section] = Math.max(weights[section], w[0] * (v % levels + 1));
        });
      });
      var rare = Math.log(1 + (n - frequency + 0.5) / (frequency + 0.5));
      weights.forEach(function (weight, section) {
        if (!weight) return;
        weight *= rare;
        sums[section] += weight;
        var page = top.pageOf[section];
        best[k][page] = Math.max(best[k][page], weight);
      });
    });
    var hits = [];
    for (var page = 0; page < pages; page++) {
      var hit = { page: page, has: 0, score: 0, sections: [] }, all = 0;
      best.forEach(function (of) { if (of[page]) hit.has++; all += of[page]; });
      if (!hit.has) continue;
      var end = page + 1 < pages ? top.first[page + 1] : n;
      for (var s = top.first[page]; s < end; s++) {
        if (sums[s]) hit.sections.push(s);
        hit.score = Math.max(hit.score, sums[s]);
      }
      hit.sections = hit.sections.filter(function (s) { return sums[s] > 0.4 * hit.score; });
      hit.sections.sort(function (a, b) { return sums[b] - sums[a] || a - b; });
      hit.score += 0.3 * all; // what the best section lacks, and another has
      hits.push(hit);
    }
    hits.sort(function (a, b) { return b.has - a.has || b.score - a.score || a.page - b.page; });
    var complete = hits.length > 0 && hits[0].has === words.length;
    if (complete) hits = hits.filter(function (hit) { return hit.has === words.length; });
    var marks = new Set(), typos = [];
    found.forEach(function (of, k) {
      of.forEach(function (_, w) { marks.add(w); });
      if (of.typo && of.size) typos.push([words[k], Array.from(of.keys())]);
    });
    return { words: words, hits: hits, complete: complete, marks: marks, typos: typos };
  }

  // --- what is shown ----------------------------------------------------------------------------

  var dialog, field, status, list, more, turn = 0, shown = 0, answer = null, asked = "";
  var kinds = { c: "Cell", m: "Claim", t: "Term" };

  function make(tag, className, text) {
    var e = document.createElement(tag);
    if (className) e.className = className;
    if (text) e.textContent = text;
    return e;
  }

  function say(text) { if (status.textContent !== text) status.textContent = text; }

  function count(n, one) { return n + " " + one + (n === 1 ? "" : "s"); }

  async function ask() {
    var query = field.value, mine = ++turn;
    if (!/[^\s\p{P}]/u.test(query)) {
      answer = null;
      list.textContent = asked = "";
      more.hidden = true;
      return say(query.trim() ? "Type letters or digits." : "");
    }
    try {
      var found;
      try {
        found = await find(query);
      } catch (e) {
        if (e !== stale || mine !== turn) throw e;
        forget(); // the site was built anew
        fresh = "?" + Date.now();
        found = await find(query);
      }
      if (mine !== turn) return;
      answer = found;
      await show(5, mine);
      if (mine === turn) asked = query;
    } catch (e) {
      if (mine !== turn) return;
      forget();
      answer = null;
      list.textContent = "";
      more.hidden = true;
      say(e.message + " ");
      status.appendChild(course.button("Try again", ask));
    }
  }

  // show shows the first hits, so many.
  async function show(many, mine) {
    var found = answer, hits = found.hits.slice(0, many);
    var infos = await Promise.all(hits.map(function (hit) { return load("i" + top.infoOf[hit.page][0]); }));
    if (mine !== turn) return;
    var drawn = document.createDocumentFragment();
    var open = hits.map(function (hit, i) { return group(hit, infos[i][top.infoOf[hit.page][1]], drawn); });
    list.textContent = "";
    list.appendChild(drawn);
    shown = many;
    more.hidden = found.hits.length <= many;
    say(summary(found));
    open.forEach(function (fill) { fill(mine); });
  }

  function summary(found) {
    if (!found.words.length) return "These words are nearly everywhere. Add another.";
    if (!found.hits.length) return "Nothing has " + (found.words.length > 1 ? "any of these words." : "this word.");
    var says = found.complete ? "" : "No page has all of these words. These have some of them. ";
    found.typos.forEach(function (t) { says += "Nothing has “" + t[0] + "”; this is for “" + t[1].join("”, “") + "”. "; });
    return says + count(found.hits.length, "page") + ".";
  }

  // group appends what a page has, and returns what fills in its excerpts when its text has come.
  function group(hit, info, to) {
    var box = make("section"), titled = hit.sections[0] === top.first[hit.page]; // called by the page's title itself
    var title = make("h3", titled ? "unseen" : "", info[1]), items = make("ul"), excerpts = [];
    hit.sections.slice(0, 3).forEach(function (s) {
      var k = s - top.first[hit.page], kind = info[2 + 2 * k], heading = info[3 + 2 * k], anchor = kind.slice(1);
      if (!anchor && heading) anchor = "h-" + heading.toLowerCase().replace(/[^a-z0-9_ -]/g, "").replace(/ /g, "-");
      var item = make("li"), a = make("a"), excerpt = make("p");
      mark(a, heading || info[1], 0, Infinity);
      a.href = new URL(info[0] + (anchor ? "#" + encodeURIComponent(anchor) : ""), course.root).href;
      a.addEventListener("click", function () { dialog.close(); });
      if (kinds[kind[0]]) item.appendChild(make("span", "kind", kinds[kind[0]]));
      item.appendChild(a);
      item.appendChild(excerpt);
      items.appendChild(item);
      excerpts.push([k, excerpt, /[mt]/.test(kind[0])]); // of claims and terms all but what is said is names
    });
    box.appendChild(title);
    box.appendChild(items);
    to.appendChild(box);
    return function (mine) {
      var at = top.textOf[hit.page];
      load("t" + at[0]).then(function (pages) {
        if (mine === turn) excerpts.forEach(function (e) { excerpt(pages[at[1]][e[0]].filter(function (part) { return !e[2] || part[0] === "p"; }), e[1]); });
      }, function () {}); // the place is found without it
    };
  }

  // excerpt writes into p what stands around the words of the query that stand closest together.
  function excerpt(parts, p) {
    var best = null;
    parts.forEach(function (part) {
      var text = part.slice(1), hits = marked(text);
      hits.forEach(function (h, i) {
        var has = new Set();
        for (var j = i; j < hits.length && hits[j][1] - h[0] < 150; j++) has.add(hits[j][2]);
        if (!best || has.size > best.has) best = { has: has.size, text: text, from: h[0], code: part[0] !== "p" };
      });
    });
    if (!best && parts.length) best = { text: parts[0].slice(1), from: 0, code: parts[0][0] !== "p" };
    if (!best) return;
    var text = best.text, from = Math.max(0, best.from - 50), to = Math.min(text.length, from + 190);
    if (best.code) from = Math.max(from, text.lastIndexOf("\n", best.from) + 1); // whole lines, of which the style shows a few
    while (from > 0 && from < best.from && !/\s/.test(text[from - 1])) from++;
    while (to < text.length && to > best.from + 80 && !/\s/.test(text[to])) to--;
    p.className = best.code ? "code" : "";
    p.textContent = from > 0 ? "… " : "";
    mark(p, text, from, to);
    if (to < text.length) p.append(" …");
  }

  // mark appends a part of text, with what the query means marked.
  function mark(to, text, from, end) {
    marked(text).forEach(function (h) {
      if (h[0] < from || h[1] > end) return;
      to.append(text.slice(from, h[0]), make("mark", "", text.slice(h[0], h[1])));
      from = h[1];
    });
    to.append(text.slice(from, end));
  }

  // marked returns where in a text words are that the query means: from, to, and which.
  function marked(text) {
    var found = [], m;
    run.lastIndex = 0;
    while ((m = run.exec(text))) {
      var parts = m[0].split(unspaced), at = m.index;
      parts.forEach(function (part, i) {
        if (i % 2) {
          for (var k = 0; k < part.length; k++) {
            [1, 2].some(function (n) {
              var w = part.substr(k, n);
              return answer.marks.has(w) && found.push([at + k, at + k + w.length, w]);
            });
          }
        } else {
          var whole = stem(fold(part)), camel = part.match(/[A-Z]+(?![a-z])|[A-Z]?[^A-Z]+|[A-Z]/g) || [];
          var w = [whole].concat(camel.map(function (c) { return stem(fold(c)); })).find(function (w) { return answer.marks.has(w); });
          if (w) found.push([at, at + part.length, w]);
        }
        at += part.length;
      });
    }
    return found.filter(function (h, i) { return !i || h[0] >= found[i - 1][1]; });
  }

  // --- the dialog -------------------------------------------------------------------------------

  function build() {
    dialog = make("dialog", "search");
    dialog.setAttribute("aria-label", "Search");
    var bar = make("div", "bar");
    field = make("input");
    field.type = "search";
    field.placeholder = "Search headings, prose, code and output";
    field.autocomplete = "off";
    field.spellcheck = false;
    field.setAttribute("aria-label", "Search this course");
    field.setAttribute("enterkeyhint", "search");
    status = make("p", "status");
    status.setAttribute("role", "status"); // the page's own is not heard: all outside of a modal dialog is inert
    list = make("div", "hits");
    more = course.button("More results", async function () {
      var links = list.querySelectorAll("a").length;
      await show(shown + 10, turn);
      var next = list.querySelectorAll("a")[links];
      if (next) next.focus();
    });
    more.hidden = true;
    bar.append(field, course.button("Close", function () { dialog.close(); }));
    dialog.append(bar, status, list, more);
    field.addEventListener("input", ask);
    dialog.addEventListener("keydown", keys);
    dialog.addEventListener("click", function (e) { if (e.target === dialog) dialog.close(); });
    document.body.appendChild(dialog);
  }

  function keys(e) {
    if (e.isComposing || e.altKey || e.ctrlKey || e.metaKey) return;
    var links = Array.from(list.querySelectorAll("a")), at = links.indexOf(document.activeElement);
    if (e.key === "Escape") dialog.close(); // a search field would be emptied first
    else if (e.key === "ArrowDown" && at + 1 < links.length) links[at + 1].focus();
    else if (e.key === "ArrowUp" && at >= 0) (links[at - 1] || field).focus();
    else if (e.key === "Enter" && document.activeElement === field) { if (links[0] && asked === field.value) links[0].click(); }
    else {
      if (at >= 0 && e.key.length === 1 && e.key !== " ") field.focus(); // and the letter goes there
      return;
    }
    e.preventDefault();
  }

  course.openSearch = function () {
    if (!dialog || !dialog.isConnected) build();
    if (!dialog.open) dialog.showModal();
    field.focus();
    field.select();
  };

  document.addEventListener("live:patched", function () { turn++; forget(); });
})();
