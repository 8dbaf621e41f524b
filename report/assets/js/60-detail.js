// The chosen finding: what, who, where, why the score, and the raw record.
function drawDetail() {
  const box = document.getElementById("detail");
  if (selected < 0) return;
  const f = findings[selected], l = LEVELS[level(f)];
  box.replaceChildren(el("h3", "", f.summary));
  const line = el("p", "");
  line.append(el("span", "level t-" + l, l), ` · ${f.rule.title} · ${f.outcome}` + (f.count > 1 ? ` · ${f.count} times, last ${stamp(lastTime[selected])}` : ""));
  const dl = el("dl");
  pair(dl, "time", stamp(time[selected]));
  pair(dl, "actor", [f.actor.name || f.actor.id, f.actor.impersonated && `acting as ${f.actor.impersonated}`].filter(Boolean).join(", "));
  pair(dl, "groups", f.actor.groups.join(", "));
  pair(dl, "from", f.actor.addresses.join(", "));
  pair(dl, "client", f.actor.agent);
  pair(dl, "did", [f.action, f.target.kind, [f.target.namespace, f.target.name].filter(Boolean).join("/")].filter(Boolean).join(" "));
  pair(dl, "command", f.command, "mono");
  pair(dl, "host", [f.host, f.cluster].filter(Boolean).join(", "));
  pair(dl, "container", [f.container.namespace, f.container.pod, f.container.name, f.container.id.slice(0, 12)].filter(Boolean).join(" / "));
  pair(dl, "ATT&CK", f.attack.join(", "));
  pair(dl, "exposed", f.exposed.map(x => `${x.kind} ${[x.namespace, x.name === "*" ? "all" : x.name].filter(Boolean).join("/")} (${x.certainty})`).join("; "));
  pair(dl, "place", `${f.source.path}, line ${f.source.line}, byte ${f.source.offset}, ${f.source.length} bytes`, "mono");
  pair(dl, "format", [f.source.format, f.source.envelope].filter(Boolean).join(" in "));
  pair(dl, "related", f.related.join(" "), "mono");
  box.append(line, dl, scoreOf(f), matchedOf(f), rawOf(f), ruleOf(f));
}

function pair(dl, name, value, className) {
  if (value) dl.append(el("dt", "", name), el("dd", className, value));
}

function section(title, open) {
  const d = el("details");
  d.open = open;
  d.append(el("summary", "", title));
  return d;
}

function scoreOf(f) {
  const d = section(`score ${f.score}`, true), ul = el("ul");
  for (const r of f.reasons) {
    const li = el("li");
    li.append(el("span", "points", (r.points > 0 ? "+" : "") + r.points), r.why);
    ul.append(li);
  }
  d.append(ul);
  return d;
}

function matchedOf(f) {
  const d = section(`matched fields (${f.matched.length})`, false), dl = el("dl");
  for (const m of f.matched) pair(dl, m.field || "(any field)", `${m.value}   ⟵ ${m.pattern}`, "mono");
  d.append(dl);
  return d;
}

function rawOf(f) {
  const d = section("raw record" + (f.raw_cut ? " (beginning)" : ""), true), pre = el("pre", "", f.raw || (f.raw_base64 ? "base64: " + f.raw_base64 : ""));
  const pretty = el("button", "", "pretty"), copy = el("button", "", "copy finding as JSON");
  pretty.type = copy.type = "button";
  pretty.addEventListener("click", () => {
    try { pre.textContent = JSON.stringify(JSON.parse(f.raw), null, 2); } catch { pretty.textContent = "not JSON"; }
  });
  copy.addEventListener("click", () => copyText(JSON.stringify(f, null, 2), copy));
  d.append(pre, pretty, " ", copy);
  return d;
}

// Files opened from disk may not use the clipboard interface; a selected text
// area still works there.
async function copyText(text, button) {
  let done = false;
  try { await navigator.clipboard.writeText(text); done = true; } catch {
    const area = el("textarea");
    area.value = text;
    document.body.append(area);
    area.select();
    done = document.execCommand("copy");
    area.remove();
  }
  button.textContent = done ? "copied" : "could not copy";
}

function ruleOf(f) {
  const d = section("rule", false), dl = el("dl");
  pair(dl, "id", f.rule.id, "mono");
  pair(dl, "description", f.rule.description);
  pair(dl, "author", f.rule.author);
  pair(dl, "licence", f.rule.license);
  pair(dl, "may be benign", f.rule.falsepositives.join("; "));
  pair(dl, "references", f.rule.references.join("\n"));
  pair(dl, "finding", f.id, "mono");
  d.append(dl);
  return d;
}
