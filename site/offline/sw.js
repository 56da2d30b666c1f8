// The service worker of a site that a reader keeps for reading offline. It is there only where they asked for it, and answers with the files of one
// build, all or none: pages of one build never meet styles or scripts of another. A new build is fetched whole beside the old one, and takes over when
// no page of the old one is open, or when a reader asks for it. The line above, which names the build, is written by site/offline.go.
"use strict";
const scope = registration.scope;
const mine = "course " + scope + " "; // several courses may lie at one origin
const name = mine + build;

addEventListener("install", (e) => e.waitUntil(keep()));

addEventListener("activate", (e) => e.waitUntil((async () => {
  for (const other of await caches.keys()) if (other.startsWith(mine) && other !== name) await caches.delete(other);
})()));

addEventListener("message", (e) => { if (e.data === "take over") e.waitUntil(skipWaiting()); });

addEventListener("fetch", (e) => {
  const url = new URL(e.request.url);
  if (e.request.method !== "GET" || !url.href.startsWith(scope)) return;
  e.respondWith(answer(e));
});

// keep fetches all files. One that is not as this build made it, as while a site is being replaced, ends it all.
async function keep() {
  const list = await (await fetch(scope + "assets/offline.json", {cache: "no-cache"})).json();
  if (list.build !== build) throw new Error("the site is being replaced");
  const cache = await caches.open(name);
  const files = list.files.values();
  async function some() {
    for (const file of files) {
      const response = await fetch(scope + file.name, {cache: "no-cache", integrity: file.integrity});
      if (!response.ok) throw new Error(file.name + ": " + response.status);
      // A copy: a page may not be answered with what came by way of a redirection, as ".html" is taken off by some hosts.
      await cache.put(scope + file.name, new Response(await response.blob(), {headers: {"Content-Type": response.headers.get("Content-Type") || ""}}));
    }
  }
  try {
    await Promise.all([some(), some(), some(), some()]);
  } catch (error) {
    await caches.delete(name);
    throw error;
  }
}

// kept returns the file of this build at an address below the scope, or undefined.
async function kept(address) {
  const path = address.replace(/[?#].*$/, "");
  const names = /\/$/.test(path) ? [path + "index.html"] : [path, path + ".html", path + "/index.html"];
  for (const n of names) {
    const file = await caches.match(n, {cacheName: name});
    if (file) return file;
  }
}

// stranger tells whether a request is of a page that this build has not: nor is what it loads. That is seen by its address, for a browser ends a worker
// that is idle, with all that it remembers.
async function stranger(e) {
  const page = e.clientId && await clients.get(e.clientId);
  return page && page.url.startsWith(scope) && !await kept(page.url);
}

async function answer(e) {
  const page = e.request.mode === "navigate";
  const file = !page && await stranger(e) ? null : await kept(e.request.url);
  if (file) return file;
  try {
    return await fetch(e.request);
  } catch (error) {
    return page ? Response.redirect(scope + "404.html") : Response.error(); // its links are relative
  }
}
