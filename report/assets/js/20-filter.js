// The state of the page, and the indices of the findings that it lets through.
const ALL = (1 << LEVELS.length) - 1;
const state = { words: [], levels: ALL, actor: -1, attack: "", source: "", outcome: "", only: null, from: NaN, to: NaN };
const SELECTS = ["actor", "attack", "source", "outcome"];
let shown = [];
let selected = -1; // index into findings

function passes(i) {
  const f = findings[i], s = state;
  if (!(s.levels >> level[i] & 1)) return false;
  if (s.actor >= 0 && actor[i] !== s.actor) return false;
  if (s.outcome && f.outcome !== s.outcome) return false;
  if (s.source && f.source.path !== s.source && "\n" + f.source.format !== s.source) return false;
  if (s.attack && !f.attack.includes(s.attack)) return false;
  if (s.only && !s.only.ids.has(f.id)) return false;
  if (!Number.isNaN(s.from) && !(lastTime[i] >= s.from && time[i] <= s.to)) return false;
  for (const w of s.words) if (!haystack(i).includes(w)) return false;
  return true;
}

// The text filter wants every word; the rest are exact.
function filter() {
  shown = [];
  for (let i = 0; i < COUNT; i++) if (passes(i)) shown.push(i);
}

// options fills a select with the values that occur, the frequent first. A
// label may differ from its value.
function options(id, all, values, label) {
  const counts = new Map();
  for (const v of values) if (v !== "") counts.set(v, (counts.get(v) || 0) + 1);
  const select = $(id);
  if (all) select.append(new Option(all, ""));
  const sorted = [...counts].sort((a, b) => b[1] - a[1] || (a[0] < b[0] ? -1 : 1)).slice(0, 500);
  for (const [v, n] of sorted) select.append(new Option(`${cut(visible(label ? label(v) : v), 70)} (${number(n)})`, v));
}

function buildFilters(changed) {
  options("f-actor", "everyone", actor, n => actors[n].name);
  options("f-attack", "any", findings.flatMap(f => f.attack));
  options("f-source", "all", findings.map(f => "\n" + f.source.format), v => "format " + v.slice(1));
  options("f-source", "", findings.map(f => f.source.path));
  options("f-outcome", "any", findings.map(f => f.outcome));
  LEVELS.map((name, l) => {
    const n = level.reduce((sum, x) => sum + (x === l), 0);
    if (!n) return;
    const b = button("level m-" + name, `${name} ${number(n)}`, () => { toggleLevel(l); changed(); });
    b.setAttribute("aria-pressed", "false");
    b.dataset.level = l;
    $("f-levels").prepend(b);
  });
  $("f-text").addEventListener("input", e => { state.words = e.target.value.toLowerCase().split(/\s+/).filter(Boolean); changed(); });
  for (const key of SELECTS) {
    $("f-" + key).addEventListener("change", e => { state[key] = key === "actor" ? (e.target.value === "" ? -1 : +e.target.value) : e.target.value; changed(); });
  }
  for (const id of ["f-from", "f-to"]) $(id).addEventListener("change", () => { typedSpan(); changed(); });
  $("filters").addEventListener("submit", e => { e.preventDefault(); typedSpan(); changed(); });
  $("f-only").addEventListener("click", () => { state.only = null; changed(); $("f-text").focus(); });
  $("f-reset").addEventListener("click", () => { reset(); changed(); });
}

// The first click on a level shows it alone; further ones add and remove.
function toggleLevel(l) {
  state.levels = state.levels === ALL ? 1 << l : state.levels ^ 1 << l;
  if (!state.levels) state.levels = ALL;
}

// typedSpan takes the span of time from what was typed.
function typedSpan() {
  const [from, to] = ["f-from", "f-to"].map(id => {
    const text = $(id).value.trim(), at = when(text, id === "f-to", view().from);
    $(id).setAttribute("aria-invalid", String(text !== "" && Number.isNaN(at)));
    return at;
  });
  if (Number.isNaN(from) && Number.isNaN(to)) { state.from = state.to = NaN; return; }
  state.from = Number.isNaN(from) ? Math.min(extent.from, to - 1000) : from;
  state.to = Number.isNaN(to) ? Math.max(extent.to, state.from + 1000) : to;
  if (state.to <= state.from) { $("f-to").setAttribute("aria-invalid", "true"); state.from = state.to = NaN; }
}

// showState writes the state back into the controls.
function showState() {
  for (const b of document.querySelectorAll("#f-levels button")) b.setAttribute("aria-pressed", String(state.levels !== ALL && !!(state.levels >> b.dataset.level & 1)));
  for (const key of SELECTS) {
    const value = key === "actor" ? (state.actor < 0 ? "" : String(state.actor)) : state[key];
    if ($("f-" + key).value !== value) {
      if (![...$("f-" + key).options].some(o => o.value === value)) $("f-" + key).append(new Option(cut(visible(key === "actor" ? actors[state.actor].name : value), 70), value));
      $("f-" + key).value = value;
    }
  }
  const zoomed = !Number.isNaN(state.from);
  for (const [id, at] of [["f-from", state.from], ["f-to", state.to]]) {
    if (document.activeElement !== $(id) && $(id).getAttribute("aria-invalid") !== "true") $(id).value = zoomed ? minute(at) : "";
  }
  $("f-only").hidden = !state.only;
  if (state.only) {
    $("f-only").textContent = visible("only " + cut(state.only.label, 200)) + "  ×";
    $("f-only").setAttribute("aria-label", visible(`only ${cut(state.only.label, 200)}; show the others too`));
  }
  $("count").textContent = shown.length === COUNT ? many(COUNT, "finding") : `${number(shown.length)} of ${many(COUNT, "finding")}`;
}

function reset() {
  Object.assign(state, { words: [], levels: ALL, actor: -1, attack: "", source: "", outcome: "", only: null, from: NaN, to: NaN });
  $("f-text").value = "";
  for (const id of ["f-from", "f-to"]) { $(id).value = ""; $(id).removeAttribute("aria-invalid"); }
}
