// The span of time that the charts show: all of it, or what was chosen.
const buckets = overview.summary.timeline.buckets.map(b => ({ at: Date.parse(b.time), events: b.events, denied: b.denied }));
const step = Math.max(1, overview.summary.timeline.step) * 1000;
const extent = (() => {
  let from = Infinity, to = -Infinity;
  for (const b of buckets) { from = Math.min(from, b.at); to = Math.max(to, b.at + step); }
  for (let i = 0; i < findings.length; i++) if (!Number.isNaN(time[i])) { from = Math.min(from, time[i]); to = Math.max(to, time[i] + 1000); }
  return from < to ? { from, to } : { from: 0, to: 1 };
})();
const view = () => Number.isNaN(state.from) ? extent : { from: state.from, to: state.to };

const color = name => getComputedStyle(document.documentElement).getPropertyValue("--" + name).trim();

// surface sizes a canvas for the screen and clears it.
function surface(canvas, height) {
  const ratio = window.devicePixelRatio || 1, width = canvas.clientWidth || 600;
  if (height) canvas.style.height = height + "px";
  const h = height || canvas.clientHeight || 110;
  canvas.width = Math.round(width * ratio);
  canvas.height = Math.round(h * ratio);
  const g = canvas.getContext("2d");
  g.setTransform(ratio, 0, 0, ratio, 0, 0);
  g.clearRect(0, 0, width, h);
  g.font = "11px system-ui, sans-serif";
  return { g, width, height: h };
}

const TICKS = [1, 5, 15, 60, 300, 900, 3600, 10800, 21600, 43200, 86400, 604800, 2592000].map(s => s * 1000);

function axis(g, width, y, span) {
  const wanted = (span.to - span.from) / Math.max(2, width / 110);
  const tick = TICKS.find(t => t >= wanted) || TICKS[TICKS.length - 1];
  g.fillStyle = color("soft");
  g.strokeStyle = color("line");
  for (let t = Math.ceil(span.from / tick) * tick; t <= span.to; t += tick) {
    const x = (t - span.from) / (span.to - span.from) * width;
    g.beginPath(); g.moveTo(x, 0); g.lineTo(x, y + 3); g.stroke();
    const text = stamp(t, true);
    const label = tick >= 86400000 ? text.slice(0, 5) : tick >= 60000 ? (text.slice(6, 11) === "00:00" ? text.slice(0, 5) : text.slice(6, 11)) : text.slice(6);
    if (x < width - 34) g.fillText(label, x + 3, y + 12);
  }
}

// The histogram shows all events, the denied part, and the findings as marks
// coloured by the highest level in their column.
function drawHistogram() {
  const canvas = document.getElementById("histogram");
  const { g, width, height } = surface(canvas);
  const span = view(), base = height - 16, top = 16;
  const x = t => (t - span.from) / (span.to - span.from) * width;
  const seen = buckets.filter(b => b.at + step > span.from && b.at < span.to);
  const most = Math.max(1, ...seen.map(b => b.events));
  const y = n => n <= 0 ? 0 : Math.max(1, Math.sqrt(n / most) * (base - top));
  axis(g, width, base, span);
  for (const b of seen) {
    const left = x(b.at), w = Math.max(1, x(b.at + step) - left - (step / (span.to - span.from) * width > 4 ? 1 : 0));
    g.fillStyle = color("activity"); g.fillRect(left, base - y(b.events), w, y(b.events));
    if (b.denied) { const h = Math.max(2, y(b.events) * b.denied / b.events); g.fillStyle = color("denied"); g.fillRect(left, base - h, w, h); }
  }
  const columns = new Map();
  for (const i of shown) {
    const c = Math.round(x(time[i]));
    if (c >= 0 && c <= width) columns.set(c, Math.max(columns.get(c) ?? -1, level(findings[i])));
  }
  for (const [c, l] of [...columns].sort((a, b) => a[1] - b[1])) {
    g.fillStyle = color(LEVELS[l]);
    g.beginPath(); g.moveTo(c, 11); g.lineTo(c - 4, 2); g.lineTo(c + 4, 2); g.fill();
  }
  if (brush) { g.fillStyle = color("focus"); g.globalAlpha = .18; g.fillRect(Math.min(brush.a, brush.b), 0, Math.abs(brush.b - brush.a), base); g.globalAlpha = 1; }
  if (selected >= 0) { g.strokeStyle = color("focus"); g.beginPath(); g.moveTo(x(time[selected]), 0); g.lineTo(x(time[selected]), base); g.stroke(); }
  document.getElementById("span").textContent = `${stamp(span.from)} to ${stamp(span.to)}`;
}

let brush = null; // while the pointer drags: { a, b } in pixels

function zoom(from, to) {
  const least = 2000;
  if (to - from < least) { const mid = (from + to) / 2; from = mid - least / 2; to = mid + least / 2; }
  if (from <= extent.from && to >= extent.to) { state.from = state.to = NaN; return; }
  state.from = Math.max(extent.from, from);
  state.to = Math.min(extent.to, to);
}

function histogramEvents(changed) {
  const canvas = document.getElementById("histogram");
  const at = px => { const s = view(); return s.from + px / canvas.clientWidth * (s.to - s.from); };
  canvas.addEventListener("pointerdown", e => { canvas.setPointerCapture(e.pointerId); brush = { a: e.offsetX, b: e.offsetX }; });
  canvas.addEventListener("pointermove", e => { if (brush) { brush.b = e.offsetX; drawHistogram(); } });
  canvas.addEventListener("pointerup", () => {
    if (!brush) return;
    const [a, b] = [Math.min(brush.a, brush.b), Math.max(brush.a, brush.b)];
    brush = null;
    if (b - a > 4) zoom(at(a), at(b));
    changed();
  });
  canvas.addEventListener("dblclick", () => { state.from = state.to = NaN; changed(); });
  canvas.addEventListener("keydown", e => {
    const s = view(), w = s.to - s.from;
    switch (e.key) {
      case "ArrowLeft": if (s.from > extent.from) zoom(Math.max(extent.from, s.from - w / 4), Math.max(extent.from, s.from - w / 4) + w); break;
      case "ArrowRight": if (s.to < extent.to) zoom(Math.min(extent.to, s.to + w / 4) - w, Math.min(extent.to, s.to + w / 4)); break;
      case "+": case "=": zoom(s.from + w / 4, s.to - w / 4); break;
      case "-": zoom(s.from - w / 2, s.to + w / 2); break;
      case "Escape": case "0": state.from = state.to = NaN; break;
      default: return;
    }
    e.preventDefault();
    changed();
  });
}
