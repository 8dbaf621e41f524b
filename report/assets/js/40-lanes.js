// Lanes: one line for each actor or source, highest score first, with a mark
// for each finding. Many marks on one pixel are drawn as one.
const FEW_LANES = 12, MANY_LANES = 100;
let lanes = [], manyLanes = false;
let marks = []; // { x, y, i } of what was drawn, for hover

const byActor = () => $("lane-by").value === "actor";

function groupLanes() {
  const byKey = new Map(), actorLanes = byActor();
  for (const i of shown) {
    const key = actorLanes ? actor[i] : findings[i].source.path;
    let lane = byKey.get(key);
    if (!lane) byKey.set(key, lane = { key, best: 0, items: [] });
    lane.best = Math.max(lane.best, findings[i].score);
    lane.items.push(i);
  }
  // Actors are numbered by score already, those outside the overview last.
  lanes = [...byKey.values()].sort((a, b) => actorLanes ? a.key - b.key : b.best - a.best || (a.key < b.key ? -1 : 1));
}

function drawLanes() {
  groupLanes();
  const canvas = $("lanes"), narrow = matchMedia("(max-width: 860px)").matches, LANE = narrow ? 36 : 24;
  const here = lanes.slice(0, manyLanes ? MANY_LANES : FEW_LANES);
  const { g, width } = surface(canvas, Math.max(1, here.length) * LANE), span = view();
  const x = t => INSET + (t - span.from) / (span.to - span.from) * (width - 2 * INSET);
  marks = [];
  here.forEach((lane, n) => {
    const y = n * LANE + (narrow ? 26 : 12);
    g.strokeStyle = ink.line;
    g.beginPath(); g.moveTo(0, y + .5); g.lineTo(width, y + .5); g.stroke();
    const columns = columnsOf(lane.items, x, width);
    columns.forEach((i, c) => { if (i >= 0) { shape(g, c, y, level[i], findings[i].outcome === "denied"); marks.push({ x: c, y, i }); } });
    if (lane.items.includes(selected)) { g.strokeStyle = ink.focus; g.lineWidth = 2; g.beginPath(); g.arc(x(time[selected]), y, 9, 0, 7); g.stroke(); g.lineWidth = 1; }
  });
  laneNames(here);
  const more = $("lane-more"), left = Math.min(lanes.length, MANY_LANES) - FEW_LANES;
  more.hidden = left <= 0;
  more.textContent = manyLanes ? "fewer lanes" : `${number(left)} more lanes` + (lanes.length > MANY_LANES ? ` (of ${number(lanes.length)})` : "");
}

// laneNames labels the lanes; a label shows its lane alone.
function laneNames(here) {
  const made = document.createDocumentFragment(), actorLanes = byActor();
  for (const lane of here) {
    const name = actorLanes ? actors[lane.key].name : lane.key;
    const b = button("", cut(name, 200), () => { if (actorLanes) state.actor = state.actor === lane.key ? -1 : lane.key; else state.source = state.source === lane.key ? "" : lane.key; changed(); });
    b.title = visible(cut(name, 400)) + `: ${many(lane.items.length, "finding")}, highest score ${lane.best}`;
    b.tabIndex = -1; // the select above does the same for the keyboard
    made.append(b);
  }
  $("lane-names").replaceChildren(made);
}

function nearest(e) {
  let best = null, distance = 12;
  for (const m of marks) {
    const d = Math.hypot(m.x - e.offsetX, m.y - e.offsetY);
    if (d < distance) { best = m; distance = d; }
  }
  return best;
}

// neighbour is the finding beside the selected one: in its lane, or of the next
// lane the one nearest in time.
function neighbour(key) {
  const n = lanes.findIndex(l => l.items.includes(selected));
  if (n < 0) return shown[0];
  const at = lanes[n].items.indexOf(selected);
  if (key === "ArrowLeft" || key === "ArrowRight") return lanes[n].items[at + (key === "ArrowRight" ? 1 : -1)];
  const other = lanes[n + (key === "ArrowDown" ? 1 : -1)];
  const away = i => Math.abs(time[i] - time[selected]) || 0;
  return other && other.items.reduce((best, i) => away(i) < away(best) ? i : best);
}

function laneEvents(choose) {
  const canvas = $("lanes");
  canvas.addEventListener("pointermove", e => {
    const m = nearest(e);
    if (!m) { hideTip(); return; }
    const f = findings[m.i];
    tip(canvas, m.x, m.y, `${full(time[m.i])} · ${LEVELS[level[m.i]]} ${f.score} · ${f.outcome}\n${cut(says(f), 300)}`);
  });
  canvas.addEventListener("pointerleave", hideTip);
  canvas.addEventListener("click", e => { const m = nearest(e); if (m) choose(m.i); });
  canvas.addEventListener("keydown", e => {
    if (!e.key.startsWith("Arrow") || e.ctrlKey || e.metaKey || e.altKey) return;
    e.preventDefault();
    const next = neighbour(e.key);
    if (next !== undefined) choose(next);
  });
  $("lane-by").addEventListener("change", drawLanes);
  $("lane-more").addEventListener("click", () => { manyLanes = !manyLanes; drawLanes(); });
}
