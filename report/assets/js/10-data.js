// The data of the report: JSON in script elements that no browser runs. All of
// it is text from evidence; nothing here is ever given to the page as markup.
const overview = JSON.parse(document.getElementById("overview").textContent);
const findings = [];
for (const block of document.querySelectorAll("script.findings")) {
  for (const f of JSON.parse(block.textContent)) findings.push(f);
}

const LEVELS = ["informational", "low", "medium", "high", "critical"];
const level = f => Math.max(0, LEVELS.indexOf(f.rule.level));

// Times in milliseconds, NaN where unknown; kept in arrays of their own, since
// every filter and every drawing walks them.
const time = new Float64Array(findings.length);
const lastTime = new Float64Array(findings.length);
findings.forEach((f, i) => {
  time[i] = f.time ? Date.parse(f.time) : NaN;
  lastTime[i] = f.last_time ? Date.parse(f.last_time) : time[i];
});

// What the text filter searches, made when first needed.
const haystacks = new Array(findings.length);
function haystack(i) {
  const f = findings[i];
  return haystacks[i] ??= [f.summary, f.rule.title, f.actor.id, f.actor.name, f.actor.agent, f.actor.addresses.join(" "), f.action,
    f.target.kind, f.target.namespace, f.target.name, f.host, f.command, f.attack.join(" "), f.source.path, f.id,
    f.container.pod, f.container.name].join("\n").toLowerCase();
}

// el makes an element; text is set as text.
function el(tag, className, text) {
  const e = document.createElement(tag);
  if (className) e.className = className;
  if (text !== undefined) e.textContent = text;
  return e;
}

// Times are shown in UTC, or in the viewer's zone on request.
let local = false;
function stamp(ms, short) {
  if (Number.isNaN(ms)) return "no time";
  const d = new Date(local ? ms - new Date(ms).getTimezoneOffset() * 60000 : ms).toISOString();
  return short ? d.slice(5, 19).replace("T", " ") : d.slice(0, 23).replace("T", " ") + (local ? " local" : " UTC");
}
