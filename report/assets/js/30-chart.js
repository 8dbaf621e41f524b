// The span of time that the charts show: all of it, or what was chosen.
const step = Math.max(1, overview.step) * 1000;
const buckets = overview.buckets.map(b => ({ at: Date.parse(b.time), events: b.events, denied: b.denied, findings: b.findings, formats: b.formats || {} })).filter(b => !Number.isNaN(b.at));
const quiet = overview.quiet.map(q => ({ from: Date.parse(q.from), to: Date.parse(q.to), path: q.path, reason: q.reason })).filter(q => q.from < q.to);
const extent = (() => {
  let from = Infinity, to = -Infinity;
  for (const b of buckets) { from = Math.min(from, b.at); to = Math.max(to, b.at + step); }
  for (let i = 0; i < COUNT; i++) if (!Number.isNaN(time[i])) { from = Math.min(from, time[i]); to = Math.max(to, lastTime[i] + 1000 || 0, time[i] + 1000); }
  if (!(from < to)) return { from: 0, to: 1, none: true };
  const room = Math.max(0, Math.min(step * 12, 86400000) - (to - from)) / 2; // a single bar should not fill the chart
  return { from: from - room, to: to + room };
})();
const view = () => Number.isNaN(state.from) ? extent : state;

// The colours of the theme, read once for each drawing.
let ink = {};
function readColors() {
  const style = getComputedStyle(document.documentElement);
  for (const name of ["ink", "soft", "line", "activity", "denied", "quiet", "focus", "paper", ...LEVELS]) ink[name] = style.getPropertyValue("--" + name).trim();
}

// surface sizes a canvas for the screen and clears it.
function surface(canvas, height) {
  const ratio = window.devicePixelRatio || 1, width = canvas.clientWidth || 600;
  if (height) canvas.style.height = height + "px";
  const h = height || canvas.clientHeight || 110;
  canvas.width = Math.round(width * ratio);
  canvas.height = Math.round(h * ratio);
  const g = canvas.getContext("2d");
  g.setTransform(ratio, 0, 0, ratio, 0, 0);
  g.font = "11px system-ui, sans-serif";
  return { g, width, height: h };
}

const TICKS = [1, 5, 15, 60, 300, 900, 1800, 3600, 10800, 21600, 43200, 86400, 172800, 604800, 2592000, 7776000, 31536000].map(s => s * 1000);

// axis draws lines at round times of the zone that is shown, and their labels.
function axis(g, width, y, span) {
  const wanted = (span.to - span.from) / Math.max(2, width / 90);
  const tick = TICKS.find(t => t >= wanted) || TICKS[TICKS.length - 1] * Math.ceil(wanted / TICKS[TICKS.length - 1]);
  const shift = local ? -new Date(span.from).getTimezoneOffset() * 60000 : 0;
  g.lineWidth = 1;
  let free = -1;
  for (let t = Math.ceil((span.from + shift) / tick) * tick - shift; t <= span.to; t += tick) {
    const x = Math.round((t - span.from) / (span.to - span.from) * width) + .5;
    g.strokeStyle = ink.line;
    g.beginPath(); g.moveTo(x, 14); g.lineTo(x, y + 3); g.stroke();
    const text = stamp(t), label = tick >= 86400000 ? iso(t).slice(tick >= 31536000 ? 0 : 5, 10) : text.slice(6) === "00:00:00" ? text.slice(0, 5) : tick >= 60000 ? text.slice(6, 11) : text.slice(6);
    const w = g.measureText(label).width, left = Math.min(Math.max(0, x - w / 2), width - w);
    if (left < free) continue;
    g.fillStyle = ink.soft;
    g.fillText(label, left, y + 14);
    free = left + w + 8;
  }
}

// columnsOf gives, for each pixel column, the finding of highest level and
// then of highest score among those given.
function columnsOf(list, x, width) {
  const columns = new Int32Array(Math.ceil(width) + 1).fill(-1);
  for (const i of list) {
    const c = Math.round(x(time[i]));
    if (!(c >= 0 && c <= width)) continue;
    const have = columns[c];
    if (have < 0 || level[i] > level[have] || level[i] === level[have] && findings[i].score > findings[have].score) columns[c] = i;
  }
  return columns;
}

// The histogram shows all events, the denied part, silences, and the findings
// as marks of the highest level in their column.
const INSET = 7; // so that the first and the last mark are whole
function drawHistogram() {
  const { g, width, height } = surface($("histogram")), span = view(), base = height - 18, top = 18;
  if (extent.none) {
    g.fillStyle = ink.soft;
    g.fillText("No event in this evidence carries a time.", INSET, height / 2);
    return;
  }
  const x = t => INSET + (t - span.from) / (span.to - span.from) * (width - 2 * INSET);
  const seen = buckets.filter(b => b.at + step > span.from && b.at < span.to);
  const most = seen.reduce((m, b) => Math.max(m, b.events), 1);
  const y = n => n <= 0 ? 0 : Math.max(1, Math.sqrt(n / most) * (base - top));
  for (const q of quiet) {
    if (q.to < span.from || q.from > span.to) continue;
    g.fillStyle = ink.quiet;
    g.fillRect(x(Math.max(q.from, span.from)), top, Math.max(1, x(Math.min(q.to, span.to)) - x(Math.max(q.from, span.from))), base - top);
  }
  g.save(); g.translate(INSET, 0); axis(g, width - 2 * INSET, base, span); g.restore();
  g.save();
  g.beginPath(); g.rect(INSET, 0, width - 2 * INSET, height); g.clip();
  const gap = step / (span.to - span.from) * width > 4 ? 1 : 0;
  for (const b of seen) {
    const left = x(b.at), w = Math.max(1, x(b.at + step) - left - gap), h = y(b.events);
    g.fillStyle = ink.activity; g.fillRect(left, base - h, w, h);
    if (b.denied) { const d = Math.max(2, h * b.denied / b.events); g.fillStyle = ink.denied; g.fillRect(left, base - d, w, d); }
  }
  g.restore();
  const columns = [...columnsOf(shown, x, width).entries()].filter(c => c[1] >= 0).sort((a, b) => level[a[1]] - level[b[1]]);
  for (const [c, i] of columns) shape(g, c, 8, level[i], false);
  if (brush && Math.abs(brush.b - brush.a) > 2) { g.fillStyle = ink.focus; g.globalAlpha = .2; g.fillRect(Math.min(brush.a, brush.b), 0, Math.abs(brush.b - brush.a), base); g.globalAlpha = 1; }
  const at = selected >= 0 ? x(time[selected]) : NaN;
  if (at >= 0 && at <= width) { g.strokeStyle = ink.focus; g.beginPath(); g.moveTo(at, 15); g.lineTo(at, base); g.stroke(); }
  $("span").textContent = `${full(span.from).replace(/\.\d+/g, "")} to ${full(span.to).replace(/\.\d+/g, "")}`;
  $("peak").textContent = `at most ${number(most)} in ${stepText()}, root scale`;
}

const stepText = () => step % 86400000 === 0 ? `${step / 86400000} d` : step % 3600000 === 0 ? `${step / 3600000} h` : step % 60000 === 0 ? `${step / 60000} min` : `${step / 1000} s`;

// shape draws the mark of a level, hollow for what was denied. Levels differ in
// shape as well as in colour.
function shape(g, x, y, l, hollow) {
  const r = 3 + l / 2;
  g.fillStyle = g.strokeStyle = ink[LEVELS[l]];
  g.beginPath();
  if (l === 4) { g.moveTo(x, y - r - 1); g.lineTo(x + r + 1, y); g.lineTo(x, y + r + 1); g.lineTo(x - r - 1, y); }
  else if (l === 3) { g.moveTo(x, y - r); g.lineTo(x + r, y + r - 1); g.lineTo(x - r, y + r - 1); }
  else if (l === 2) g.rect(x - r + .5, y - r + .5, 2 * r - 1, 2 * r - 1);
  else if (l === 1) g.arc(x, y, r, 0, 7);
  else g.rect(x - 4, y - 1.5, 8, 3);
  g.closePath();
  if (hollow) { g.lineWidth = 1.5; g.stroke(); g.lineWidth = 1; } else g.fill();
}

let brush = null; // while the pointer drags: { a, b } in pixels

// zoom shows the span between two times, at least two seconds of it.
function zoom(from, to) {
  const least = 2000;
  if (to - from < least) { const mid = (from + to) / 2; from = mid - least / 2; to = mid + least / 2; }
  if (from <= extent.from && to >= extent.to) { state.from = state.to = NaN; return; }
  state.from = Math.max(extent.from, from);
  state.to = Math.min(extent.to, to);
}

function shift(part) {
  const s = view(), w = s.to - s.from, from = Math.min(Math.max(extent.from, s.from + part * w), extent.to - w);
  if (!Number.isNaN(state.from)) zoom(from, from + w);
}

function histogramEvents(changed) {
  const canvas = $("histogram");
  const at = px => { const s = view(); return s.from + (px - INSET) / (canvas.clientWidth - 2 * INSET) * (s.to - s.from); };
  canvas.addEventListener("pointerdown", e => { if (e.button === 0) { canvas.setPointerCapture(e.pointerId); brush = { a: e.offsetX, b: e.offsetX }; } });
  canvas.addEventListener("pointermove", e => {
    if (brush) { brush.b = e.offsetX; drawHistogram(); }
    const t = at(e.offsetX), b = buckets.find(b => b.at <= t && t < b.at + step), q = quiet.find(q => q.from <= t && t < q.to);
    const lines = b ? [`${minute(b.at)}, ${stepText()}`, `${many(b.events, "event")}, ${number(b.denied)} denied, ${many(b.findings, "finding")}`, Object.entries(b.formats).map(([k, n]) => `${k} ${number(n)}`).join(", ")] : [minute(t), "no events"];
    if (q) lines.push(`silence of ${cut(q.path, 80)}: ${cut(q.reason, 120)}`);
    tip(canvas, e.offsetX, canvas.clientHeight - 14, lines.filter(Boolean).join("\n"));
  });
  canvas.addEventListener("pointerleave", hideTip);
  canvas.addEventListener("pointercancel", () => { brush = null; drawHistogram(); });
  canvas.addEventListener("pointerup", () => {
    if (!brush) return;
    const [a, b] = [Math.min(brush.a, brush.b), Math.max(brush.a, brush.b)];
    brush = null;
    if (b - a > 4) { zoom(at(a), at(b)); changed(); } else drawHistogram();
  });
  canvas.addEventListener("dblclick", () => { state.from = state.to = NaN; changed(); });
  canvas.addEventListener("keydown", e => {
    const s = view(), w = s.to - s.from, mid = selected >= 0 && time[selected] >= s.from && time[selected] <= s.to ? time[selected] : (s.from + s.to) / 2;
    if (e.ctrlKey || e.metaKey || e.altKey) return;
    switch (e.key) {
      case "ArrowLeft": shift(-.25); break;
      case "ArrowRight": shift(.25); break;
      case "+": case "=": zoom(mid - w / 4, mid + w / 4); break;
      case "-": zoom(mid - w, mid + w); break;
      case "Escape": case "0": state.from = state.to = NaN; break;
      default: return;
    }
    e.preventDefault();
    changed();
  });
}

// tip shows a note beside a place of a canvas, inside the chart.
function tip(canvas, x, y, text) {
  const t = $("tip");
  t.textContent = visible(text);
  t.style.display = "block";
  t.style.left = Math.max(4, Math.min(canvas.offsetLeft + x + 10, $("chart").clientWidth - t.offsetWidth - 6)) + "px";
  t.style.top = canvas.offsetTop + y + 10 + "px";
}
const hideTip = () => { $("tip").style.display = "none"; };
