// Live parts of a page: a snapshot first, then what changed; the server's own HTML, put in by id. Nothing is computed here.
"use strict";
(() => {
  const body = document.body, state = document.getElementById("live-state"), url = body.dataset.live;
  let source = null, timer = 0, last = Date.now(), mode = "off";

  const say = m => {
    mode = m;
    document.documentElement.dataset.link = m;
    if (state) { const s = state.dataset[m] || ""; if (state.textContent !== s) state.textContent = s; }
  };

  // { ids: ["tile-K05b", …], html: "<section id=tile-K05b>…" }; scripts in a parsed document do not run, and the CSP refuses them too.
  const put = text => {
    const event = JSON.parse(text), doc = new DOMParser().parseFromString(event.html, "text/html");
    for (const id of event.ids) {
      const fresh = doc.getElementById(id), old = document.getElementById(id);
      if (!fresh || !old) continue;
      const at = document.activeElement, href = old.contains(at) ? at.getAttribute("href") : null;
      const open = [...old.querySelectorAll("details")].map(d => d.open);
      const node = document.importNode(fresh, true);
      if (old.hidden !== undefined && old.classList.contains("wview")) node.hidden = old.hidden;
      [...node.querySelectorAll("details")].forEach((d, i) => { if (i in open) d.open = open[i]; });
      old.replaceWith(node);
      if (href !== null) for (const a of node.querySelectorAll("a")) if (a.getAttribute("href") === href) { a.focus(); break; }
    }
    last = Date.now();
  };

  const ask = async () => {
    try {
      const answer = await fetch(body.dataset.poll, { headers: { accept: "application/json" }, credentials: "same-origin" });
      if (!answer.ok) throw new Error(answer.status);
      put(await answer.text());
      say("poll");
    } catch { if (Date.now() - last > 1000 * body.dataset.stale) say("off"); }
  };

  const stop = () => { if (source) source.close(); source = null; clearInterval(timer); timer = 0; };
  const fall = () => { stop(); ask(); let n = 0; timer = setInterval(() => { ask(); if (++n % 8 === 0) start(); }, 15000); };
  const start = () => {
    stop();
    if (!window.EventSource) return fall();
    let failed = 0;
    source = new EventSource(url);
    source.addEventListener("part", e => { failed = 0; put(e.data); say("on"); });
    source.addEventListener("still", () => { failed = 0; last = Date.now(); say("on"); }); // nothing new, all is well
    source.addEventListener("bye", fall); // the server goes down and says so
    source.onerror = () => { if (++failed > 2 || source.readyState === 2) fall(); };
    timer = setInterval(() => { if (Date.now() - last > 1000 * body.dataset.stale) { say("off"); fall(); } }, 5000);
  };
  if (url) {
    document.addEventListener("visibilitychange", () => document.hidden ? stop() : start());
    addEventListener("pagehide", stop);
    start();
  }

  // The wall: its views in turn, two beside each other where it is wide; made anew every twelve hours, when the server answers.
  const wall = document.querySelector("[data-every]");
  if (wall) {
    const wide = matchMedia("(min-aspect-ratio: 5/2)"), views = () => [...document.querySelectorAll(".wview")];
    let first = 0;
    const show = () => {
      const all = views(), n = Math.min(all.length, wide.matches ? 2 : 1), on = i => (i - first + all.length) % all.length < n;
      all.forEach((v, i) => { v.hidden = !on(i); });
      document.querySelectorAll(".dots span").forEach((d, i) => d.classList.toggle("on", on(i)));
    };
    const turn = by => { first = (first + by + views().length) % views().length; show(); };
    let clock = wall.dataset.every > 0 && setInterval(() => turn(wide.matches ? 2 : 1), 1000 * wall.dataset.every);
    addEventListener("keydown", e => {
      if (e.key === "ArrowRight") turn(1); else if (e.key === "ArrowLeft") turn(-1);
      else if (e.key === " ") { clearInterval(clock); clock = clock ? 0 : setInterval(() => turn(1), 1000 * wall.dataset.every); e.preventDefault(); }
    });
    wide.addEventListener("change", show);
    show();
    setInterval(async () => { try { if ((await fetch(location.href, { method: "HEAD" })).ok) location.reload(); } catch { /* later */ } }, 12 * 3600e3);
  }

  // A page that waits for an answer asks again by itself, and stays as it is while nobody answers; without script its link does.
  const again = async () => { try { await fetch(location.href, { method: "HEAD" }); location.reload(); } catch { setTimeout(again, 1000 * body.dataset.again); } };
  if (body.dataset.again) setTimeout(again, 1000 * body.dataset.again);

  // A question that takes long says so; the SQL can be copied.
  const busy = () => setTimeout(() => { const m = document.getElementById("main"), h = m && m.querySelector("h1"); if (m) { m.setAttribute("aria-busy", "true"); if (h) h.dataset.busy = body.dataset.busy; } }, 400);
  document.addEventListener("submit", e => { if (e.target.method === "get") busy(); });
  addEventListener("pageshow", () => document.getElementById("main")?.removeAttribute("aria-busy"));
  for (const b of document.querySelectorAll("[data-copy]")) {
    if (!navigator.clipboard) continue;
    b.hidden = false;
    b.addEventListener("click", () => navigator.clipboard.writeText(document.getElementById(b.dataset.copy).textContent).then(() => { b.textContent = b.dataset.done; }));
  }
})();
