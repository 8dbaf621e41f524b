// What the script adds to the static page: ways into the timeline, and times in
// the viewer's zone.

// go shows a finding in the timeline, whatever was filtered.
function go(i) {
  if (i === undefined) return;
  if (!passes(i)) { reset(); changed(); }
  choose(i);
  $("explorer").scrollIntoView({ block: "start" });
  list.focus({ preventScroll: true });
}

function only(set) {
  reset();
  Object.assign(state, set);
  changed();
  if (shown.length) choose(shown.reduce((best, i) => findings[i].score > findings[best].score ? i : best));
  $("explorer").scrollIntoView({ block: "start" });
  $("f-reset").focus({ preventScroll: true });
}

function linkStatic() {
  for (const li of document.querySelectorAll("[data-finding]")) {
    const i = indexOf.get(li.dataset.finding), says = li.querySelector(".says");
    if (i === undefined || !says) continue;
    says.replaceWith(link("to says", says.textContent, () => go(i)));
  }
  const mine = new Uint32Array(actors.length);
  for (const n of actor) mine[n]++;
  for (const card of document.querySelectorAll("[data-actor]")) {
    const n = +card.dataset.actor;
    if (mine[n]) card.querySelector(".who").append(button("only-screen", many(mine[n], "finding") + " in the timeline", () => only({ actor: n })));
  }
  for (const tr of document.querySelectorAll("[data-exposure]")) {
    const e = overview.exposure[+tr.dataset.exposure], ids = new Set(e.findings.filter(id => indexOf.has(id)));
    const b = tr.querySelector("b");
    if (ids.size) b.replaceChildren(link("to", b.textContent, () => only({ only: { label: e.label, ids } })));
  }
}

// staticTimes shows the times of the static page in the zone that is chosen.
function staticTimes() {
  for (const t of document.querySelectorAll("time[datetime]")) {
    const ms = Date.parse(t.dateTime);
    if (Number.isNaN(ms)) continue;
    t.textContent = "short" in t.dataset ? stamp(ms).slice(6) : minute(ms) + (local ? " " + zone(ms) : "");
    t.title = full(ms);
  }
}

// A link to a card opens it.
function openTarget() {
  const card = location.hash.startsWith("#actor-") && $(location.hash.slice(1));
  if (card) card.open = true;
}
