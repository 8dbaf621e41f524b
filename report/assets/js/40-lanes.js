// Lanes: one line for each actor or source, highest score first, with a mark
// for each finding. Many marks on one pixel are drawn as one.
const MAX_LANES = 14, LANE = 24, GUTTER = 190;
let lanes = [];
let marks = []; // { x, y, i } of what was drawn, for hover

function laneKey(f) { return document.getElementById("lane-by").value === "actor" ? f.actor.id : f.source.path; }

function groupLanes() {
  const byKey = new Map();
  for (const i of shown) {
    const key = laneKey(findings[i]) || "unknown";
    let lane = byKey.get(key);
    if (!lane) byKey.set(key, lane = { key, best: 0, items: [] });
    lane.best = Math.max(lane.best, findings[i].score);
    lane.items.push(i);
  }
  const rank = new Map(overview.actors.map((a, n) => [a.id, n]));
  const order = l => rank.has(l.key) ? rank.get(l.key) : 1e6 - l.best;
  lanes = [...byKey.values()].sort((a, b) => order(a) - order(b) || (a.key < b.key ? -1 : 1));
}

function drawLanes() {
  groupLanes();
  const visible = lanes.slice(0, MAX_LANES), canvas = document.getElementById("lanes");
  const { g, width } = surface(canvas, Math.max(1, visible.length) * LANE + 20);
  const gutter = width < 600 ? 96 : GUTTER, span = view();
  const x = t => gutter + (t - span.from) / (span.to - span.from) * (width - gutter - 8);
  marks = [];
  visible.forEach((lane, n) => {
    const y = n * LANE + LANE / 2 + 4;
    g.strokeStyle = color("line");
    g.beginPath(); g.moveTo(gutter, y); g.lineTo(width, y); g.stroke();
    g.fillStyle = color("ink");
    g.fillText(fit(g, lane.key, gutter - 12), 0, y + 4);
    const columns = new Map();
    for (const i of lane.items) {
      if (Number.isNaN(time[i])) continue;
      const c = Math.round(x(time[i]));
      const have = columns.get(c);
      if (have === undefined || findings[i].score > findings[have].score) columns.set(c, i);
    }
    for (const [c, i] of columns) { mark(g, c, y, i); marks.push({ x: c, y, i }); }
  });
  if (lanes.length > MAX_LANES) { g.fillStyle = color("soft"); g.fillText(`${lanes.length - MAX_LANES} more lanes; filter to see them`, gutter, MAX_LANES * LANE + 16); }
}

// fit shortens from the middle: both ends of an identity tell something.
function fit(g, text, width) {
  if (g.measureText(text).width <= width) return text;
  let keep = text.length;
  while (keep > 4 && g.measureText(text.slice(0, keep / 2) + "…" + text.slice(-keep / 2)).width > width) keep--;
  return text.slice(0, keep / 2) + "…" + text.slice(-keep / 2);
}

// Levels differ in shape as well as in colour.
function mark(g, x, y, i) {
  const l = level(findings[i]), r = 3 + l;
  g.fillStyle = color(LEVELS[l]);
  g.beginPath();
  if (l >= 4) { g.moveTo(x, y - r); g.lineTo(x + r, y); g.lineTo(x, y + r); g.lineTo(x - r, y); }
  else if (l === 3) { g.moveTo(x, y - r); g.lineTo(x + r, y + r - 1); g.lineTo(x - r, y + r - 1); }
  else if (l === 2) g.rect(x - r + 1, y - r + 1, 2 * r - 2, 2 * r - 2);
  else g.arc(x, y, r, 0, 7);
  if (findings[i].outcome === "denied") { g.strokeStyle = color(LEVELS[l]); g.lineWidth = 1.5; g.closePath(); g.stroke(); g.lineWidth = 1; } else g.fill();
  if (i === selected) { g.strokeStyle = color("focus"); g.lineWidth = 2; g.beginPath(); g.arc(x, y, r + 4, 0, 7); g.stroke(); g.lineWidth = 1; }
}

function nearest(e) {
  let best = null, distance = 12;
  for (const m of marks) {
    const d = Math.hypot(m.x - e.offsetX, m.y - e.offsetY);
    if (d < distance) { best = m; distance = d; }
  }
  return best;
}

function laneEvents(choose) {
  const canvas = document.getElementById("lanes"), tip = document.getElementById("tip");
  canvas.addEventListener("pointermove", e => {
    const m = nearest(e);
    tip.style.display = m ? "block" : "none";
    if (!m) return;
    tip.textContent = `${stamp(time[m.i])} · ${findings[m.i].rule.level} · ${findings[m.i].summary}`;
    tip.style.left = Math.min(m.x, canvas.clientWidth - 260) + "px";
    tip.style.top = canvas.offsetTop + m.y + 12 + "px";
  });
  canvas.addEventListener("pointerleave", () => { tip.style.display = "none"; });
  canvas.addEventListener("click", e => { const m = nearest(e); if (m) choose(m.i); });
  canvas.addEventListener("keydown", e => {
    if (e.key !== "ArrowLeft" && e.key !== "ArrowRight") return;
    e.preventDefault();
    const at = shown.indexOf(selected), next = at < 0 ? 0 : at + (e.key === "ArrowRight" ? 1 : -1);
    if (next >= 0 && next < shown.length) choose(shown[next]);
  });
  document.getElementById("lane-by").addEventListener("change", drawLanes);
}
