// The data of the report: JSON in script elements that no browser runs. All of
// it is text from evidence; nothing here is ever given to the page as markup.
const $ = id => document.getElementById(id);
const overview = JSON.parse($("overview").textContent);

// Findings come in blocks; a rule is written once and then given by number.
const findings = [], blocks = [], rules = [];
for (const block of document.querySelectorAll("script.findings")) {
  blocks.push({ from: findings.length, cold: block.nextElementSibling });
  for (const f of JSON.parse(block.textContent)) {
    if (typeof f.rule === "number") f.rule = rules[f.rule]; else rules.push(f.rule);
    findings.push(f);
  }
  block.textContent = ""; // its text is not needed again
}

// What only the chosen finding needs, the raw record and what matched, is
// parsed when it is asked for; the block last used is kept.
let warm = { from: -1, list: [] };
function cold(i) {
  let n = blocks.length - 1;
  while (blocks[n].from > i) n--;
  if (warm.from !== blocks[n].from) warm = { from: blocks[n].from, list: JSON.parse(blocks[n].cold.textContent) };
  return warm.list[i - warm.from];
}
const whole = i => ({ ...findings[i], ...cold(i) });

const LEVELS = ["informational", "low", "medium", "high", "critical"];
const COUNT = findings.length;

// What every filter and every drawing walks is kept in arrays of its own.
// Times are in milliseconds, NaN where unknown.
const time = new Float64Array(COUNT), lastTime = new Float64Array(COUNT), level = new Uint8Array(COUNT), actor = new Int32Array(COUNT);
const indexOf = new Map();

// shortName is a name without what every one of its kind has.
const shortName = name => name.replace(/^k8s:/, "").replaceAll("system:serviceaccount:", "sa:");

// An actor is what the overview says it is: several identities may be one.
const actors = overview.actors.map(a => ({ id: a.id, name: a.name }));
const actorOfFinding = new Map(), actorById = new Map(actors.map((a, n) => [a.id, n]));
overview.actors.forEach((a, n) => { for (const id of a.findings) actorOfFinding.set(id, n); });
for (let i = 0; i < COUNT; i++) {
  const f = findings[i];
  time[i] = f.time ? Date.parse(f.time) : NaN;
  lastTime[i] = f.last_time ? Date.parse(f.last_time) : time[i];
  level[i] = Math.max(0, LEVELS.indexOf(f.rule.level));
  indexOf.set(f.id, i);
  let n = actorOfFinding.get(f.id) ?? actorById.get(f.actor.id);
  if (n === undefined) {
    n = actors.push({ id: f.actor.id, name: shortName(f.actor.name || f.actor.id || "unknown") }) - 1;
    actorById.set(f.actor.id, n);
  }
  actor[i] = n;
}

// says is the sentence of a finding where its actor stands beside it.
function says(f) {
  const name = f.actor.name;
  if (!name) return f.summary;
  const begin = [name + ": ", name + " "].find(b => f.summary.startsWith(b)) || "";
  return shortName(f.summary.slice(begin.length).replaceAll(` (${name})`, ""));
}

// What the text filter searches; made ahead while the page has nothing to do.
const haystacks = new Array(COUNT);
function haystack(i) {
  const f = findings[i];
  return haystacks[i] ??= [f.summary, f.rule.title, actors[actor[i]].name, f.actor.id, f.actor.name, f.actor.agent, f.actor.addresses.join(" "), f.action,
    f.target.kind, f.target.namespace, f.target.name, f.host, f.command, f.attack.join(" "), f.source.path, f.id,
    f.container.pod, f.container.name].join("\n").toLowerCase();
}
const idle = window.requestIdleCallback || (f => setTimeout(() => f({ timeRemaining: () => 5 }), 20));
function prepare(from) {
  idle(left => {
    let i = from;
    while (i < COUNT && left.timeRemaining() > 1) for (const end = Math.min(COUNT, i + 200); i < end; i++) haystack(i);
    if (i < COUNT) prepare(i);
  });
}
prepare(0);
