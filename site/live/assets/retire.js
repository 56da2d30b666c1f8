// What a service worker becomes that a site, served from this origin in an earlier life, has left behind: it takes over, forgets all that was kept, and
// ends. Open pages are loaded again, from the development server.
"use strict";
addEventListener("install", () => skipWaiting());
addEventListener("activate", (e) => e.waitUntil((async () => {
  for (const name of await caches.keys()) if (name.startsWith("course " + registration.scope + " ")) await caches.delete(name);
  const pages = await clients.matchAll({type: "window", includeUncontrolled: true});
  await registration.unregister();
  for (const page of pages) if (page.url.startsWith(registration.scope)) page.navigate(page.url).catch(() => {});
})()));
