// The state of the page, and the indices of the findings that it lets through.
const state = { text: "", levels: new Set(LEVELS), actor: "", attack: "", format: "", outcome: "", from: NaN, to: NaN };
let shown = [];
let selected = -1; // index into findings

function passes(i, words) {
  const f = findings[i];
  if (!state.levels.has(LEVELS[level(f)])) return false;
  if (state.actor && f.actor.id !== state.actor) return false;
  if (state.format && f.source.format !== state.format) return false;
  if (state.outcome && f.outcome !== state.outcome) return false;
  if (state.attack && !f.attack.includes(state.attack)) return false;
  if (!Number.isNaN(state.from) && !(lastTime[i] >= state.from && time[i] <= state.to)) return false;
  for (const w of words) if (!haystack(i).includes(w)) return false;
  return true;
}

// The text filter wants every word; the rest are exact.
function filter() {
  const words = state.text.toLowerCase().split(/\s+/).filter(Boolean);
  const out = [];
  for (let i = 0; i < findings.length; i++) if (passes(i, words)) out.push(i);
  shown = out;
}

// options fills a select with the values that occur, the frequent first.
function options(id, values, all) {
  const counts = new Map();
  for (const v of values) if (v) counts.set(v, (counts.get(v) || 0) + 1);
  const select = document.getElementById(id);
  select.append(new Option(all, ""));
  const sorted = [...counts].sort((a, b) => b[1] - a[1] || (a[0] < b[0] ? -1 : 1)).slice(0, 500);
  for (const [v, n] of sorted) select.append(new Option(`${v.length > 70 ? v.slice(0, 69) + "…" : v} (${n})`, v));
}

function buildFilters(changed) {
  options("f-actor", findings.map(f => f.actor.id), "everyone");
  options("f-attack", findings.flatMap(f => f.attack), "all");
  options("f-format", findings.map(f => f.source.format), "all");
  options("f-outcome", findings.map(f => f.outcome), "all");
  const group = document.getElementById("f-levels");
  for (const l of [...LEVELS].reverse()) {
    const n = findings.reduce((sum, f) => sum + (LEVELS[level(f)] === l ? 1 : 0), 0);
    if (!n) continue;
    const b = el("button", "t-" + l, `${l} ${n}`);
    b.type = "button";
    b.setAttribute("aria-pressed", "false");
    b.addEventListener("click", () => { toggleLevel(l); changed(); });
    b.dataset.level = l;
    group.append(b, " ");
  }
  const text = document.getElementById("f-text");
  text.addEventListener("input", () => { state.text = text.value; changed(); });
  for (const key of ["actor", "attack", "format", "outcome"]) {
    const s = document.getElementById("f-" + key);
    s.addEventListener("change", () => { state[key] = s.value; changed(); });
  }
  document.getElementById("filters").addEventListener("submit", e => e.preventDefault());
  document.getElementById("f-reset").addEventListener("click", () => { reset(); changed(); });
}

// The first click on a level shows it alone; further ones add and remove.
function toggleLevel(l) {
  if (state.levels.size === LEVELS.length) state.levels = new Set([l]);
  else if (state.levels.has(l)) state.levels.delete(l);
  else state.levels.add(l);
  if (!state.levels.size) state.levels = new Set(LEVELS);
  const all = state.levels.size === LEVELS.length;
  for (const b of document.querySelectorAll("#f-levels button")) b.setAttribute("aria-pressed", String(!all && state.levels.has(b.dataset.level)));
}

function reset() {
  Object.assign(state, { text: "", levels: new Set(LEVELS), actor: "", attack: "", format: "", outcome: "", from: NaN, to: NaN });
  document.getElementById("f-text").value = "";
  for (const key of ["actor", "attack", "format", "outcome"]) document.getElementById("f-" + key).value = "";
  for (const b of document.querySelectorAll("#f-levels button")) b.setAttribute("aria-pressed", "false");
}
