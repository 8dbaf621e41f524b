// The chosen finding: what, who, where, why the score, and the raw record.
function drawDetail() {
  const box = $("detail");
  if (selected < 0) return;
  const f = findings[selected], more = cold(selected), l = LEVELS[level[selected]];
  const line = el("p");
  line.append(el("span", "level m-" + l, l), " · ", el("span", "", f.rule.title), ` · ${f.outcome}` + (f.count > 1 ? ` · ${number(f.count)} times, last ${full(lastTime[selected])}` : ""));
  const dl = el("dl");
  pair(dl, "time", full(time[selected]));
  who(dl, f);
  pair(dl, "did", [f.action, f.target.kind, [f.target.namespace, f.target.name].filter(Boolean).join("/")].filter(Boolean).join(" "));
  pair(dl, "command", f.command, "mono");
  pair(dl, "host", [f.host, f.cluster].filter(Boolean).join(", "));
  pair(dl, "container", [f.container.namespace, f.container.pod, f.container.name, (f.container.id || "").slice(0, 12), f.container.image].filter(Boolean).join(" / "));
  pair(dl, "ATT&CK", f.attack.join(", "));
  pair(dl, "exposed", f.exposed.map(x => `${credential(x)} (${x.certainty})`).join("; "));
  pair(dl, "place", `${f.source.path}, line ${number(f.source.line)}, byte ${number(f.source.offset)}, ${number(f.source.length)} bytes` + (f.records > 1 ? `, ${f.records} records` : ""), "mono");
  pair(dl, "format", [f.source.format, f.source.envelope && "in " + f.source.envelope, f.stage].filter(Boolean).join(" "));
  if (f.masked) pair(dl, "masked", many(f.masked, "credential") + " in this finding");
  box.replaceChildren(el("h3", "", f.summary), line, acts(selected), dl, scoreOf(f), ...relatedOf(selected), matchedOf(more), rawOf(more), ruleOf(f));
  box.scrollTop = 0;
}

function pair(dl, name, value, className) {
  if (value) dl.append(el("dt", "", name), el("dd", className, value));
}

function who(dl, f) {
  const name = actors[actor[selected]].name, as = f.actor.impersonated;
  pair(dl, "actor", name + (f.actor.name && !f.actor.name.endsWith(name.replace(/^sa:/, "")) ? `, here as ${f.actor.name}` : "") + (as ? `, acting as ${as}` : ""));
  pair(dl, "groups", f.actor.groups.join(", "));
  pair(dl, "from", f.actor.addresses.join(", "));
  pair(dl, "client", f.actor.agent);
  pair(dl, "session", f.actor.session, "mono");
}

function section(title, open) {
  const d = el("details");
  d.open = open;
  d.append(el("summary", "", title));
  return d;
}

function scoreOf(f) {
  const d = section(`why ${f.score}`, true), ul = el("ul", "plain");
  for (const r of f.reasons) {
    const li = el("li");
    li.append(el("span", "points", (r.points > 0 ? "+" : "") + r.points), el("span", "", r.why));
    ul.append(li);
  }
  d.append(ul);
  return d;
}

// relatedOf lists the members of a correlation, and the correlations that the
// finding is a member of.
const MAX_RELATED = 50;
let partOf = null;
function relatedOf(i) {
  if (!partOf) {
    partOf = new Map();
    findings.forEach((f, n) => { for (const id of f.related) partOf.set(id, [...partOf.get(id) || [], n].slice(0, MAX_RELATED)); });
  }
  const f = findings[i], out = [];
  const lists = [["made of", f.related.map(id => indexOf.get(id)), f.related.length], ["part of", partOf.get(f.id) || [], (partOf.get(f.id) || []).length]];
  for (const [title, all, total] of lists) {
    if (!total) continue;
    const known = all.filter(n => n !== undefined), d = section(`${title} ${many(total, "finding")}`, true), ul = el("ul", "related");
    for (const n of known.slice(0, MAX_RELATED)) {
      const li = el("li"), name = LEVELS[level[n]];
      li.append(el("span", "mono soft", stamp(time[n])), " ", el("span", "level m-" + name, ""), " ", link("to", cut(findings[n].summary, 200), () => go(n)));
      ul.append(li);
    }
    if (known.length < total) ul.append(el("li", "soft", `${number(total - known.length)} more not in this report: below what was asked for`));
    if (known.length > MAX_RELATED) ul.append(el("li", "soft", `and ${number(known.length - MAX_RELATED)} more`));
    d.append(ul);
    out.push(d);
  }
  return out;
}

function matchedOf(more) {
  const d = section(`matched fields (${more.matched.length})`, false), dl = el("dl");
  for (const m of more.matched) pair(dl, m.field || "(any field)", `${m.value}   ⟵ ${m.pattern}`, "mono");
  d.append(dl);
  return d;
}

function rawOf(more) {
  const d = section("raw record" + (more.raw_cut ? " (its beginning)" : more.raw_base64 ? " (not UTF-8: base64)" : ""), true);
  if (!more.raw && !more.raw_base64) { d.append(el("p", "soft", "none: this finding stands for others")); return d; }
  const pre = el("pre", "", more.raw || more.raw_base64);
  pre.tabIndex = 0;
  let value;
  try { value = JSON.parse(more.raw); } catch { value = undefined; }
  if (value !== undefined && typeof value === "object") {
    const b = button("", "pretty", () => {
      const pretty = b.getAttribute("aria-pressed") !== "true";
      b.setAttribute("aria-pressed", String(pretty));
      pre.textContent = pretty ? json(value, 2) : visible(more.raw);
    });
    b.setAttribute("aria-pressed", "false");
    d.append(b);
  }
  d.append(pre);
  return d;
}

// acts is what can be done with a finding.
const MAX_COPY = 5000;
function acts(i) {
  const box = el("div", "acts only-screen");
  const one = button("", "copy as JSON", () => copyText(json(whole(i), 2), one));
  one.id = "copy";
  const all = button("", `copy the ${number(shown.length)} shown`, () => copyText(shown.map(n => json(whole(n))).join("\n") + "\n", all));
  all.id = "copy-shown";
  box.append(one);
  if (shown.length > 1 && shown.length <= MAX_COPY) box.append(all);
  if (state.actor !== actor[i]) box.append(button("", "only this actor", () => { state.actor = actor[i]; changed(); }));
  return box;
}

// Files opened from disk may not always use the clipboard interface; a selected
// text area still works there.
async function copyText(text, b) {
  let done = false;
  try { await navigator.clipboard.writeText(text); done = true; } catch {
    const area = el("textarea");
    area.value = text;
    document.body.append(area);
    area.select();
    done = document.execCommand("copy");
    area.remove();
    b.focus();
  }
  b.textContent = done ? "copied" : "could not copy";
}

function ruleOf(f) {
  const d = section("rule", false), dl = el("dl");
  pair(dl, "id", f.rule.id, "mono");
  pair(dl, "description", f.rule.description);
  pair(dl, "author", f.rule.author);
  pair(dl, "licence", f.rule.license);
  pair(dl, "may be benign", f.rule.falsepositives.join("; "));
  for (const [n, r] of f.rule.references.entries()) pair(dl, n ? "" : "references", r);
  pair(dl, "finding", f.id, "mono");
  for (const dt of dl.querySelectorAll("dt:empty")) dt.textContent = "\u2003";
  d.append(dl);
  return d;
}
