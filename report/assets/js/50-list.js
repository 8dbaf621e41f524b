// The list renders only the rows that are seen. Browsers limit the height of
// an element, so with very many rows the scroll position stands for a share.
const ROW = 46, MAX_HEIGHT = 8e6;
const list = $("list"), rows = $("rows");

function drawList() {
  const total = shown.length * ROW, height = Math.min(total, MAX_HEIGHT);
  rows.style.height = height + "px";
  const room = Math.max(1, height - list.clientHeight), share = Math.min(1, list.scrollTop / room);
  const offset = share * (total - height);
  const first = Math.max(0, Math.floor((list.scrollTop + offset) / ROW) - 4);
  const last = Math.min(shown.length, first + Math.ceil(list.clientHeight / ROW) + 9);
  const made = document.createDocumentFragment();
  for (let n = first; n < last; n++) made.append(row(n, n * ROW - offset));
  rows.replaceChildren(made);
  $("none").hidden = shown.length > 0;
  if ($("r" + selected)) list.setAttribute("aria-activedescendant", "r" + selected); else list.removeAttribute("aria-activedescendant");
}

function row(n, top) {
  const i = shown[n], f = findings[i], l = LEVELS[level[i]];
  const r = el("div", "row");
  r.id = "r" + i;
  r.style.top = top + "px";
  r.setAttribute("role", "option");
  r.setAttribute("aria-selected", String(i === selected));
  r.setAttribute("aria-posinset", n + 1);
  r.setAttribute("aria-setsize", shown.length);
  const head = el("div", "top");
  head.append(el("span", "mono at", stamp(time[i])), el("span", "level m-" + l, l), el("span", "n", String(f.score)),
    el("span", "", f.outcome), el("span", "who", cut(actors[actor[i]].name, 120)));
  r.append(head, el("div", "what", cut(says(f), 300) + (f.count > 1 ? ` ×${number(f.count)}` : "")));
  r.addEventListener("click", () => choose(i));
  return r;
}

// reveal scrolls the list to a finding.
function reveal(i) {
  const n = shown.indexOf(i);
  if (n < 0) return;
  const total = shown.length * ROW, height = Math.min(total, MAX_HEIGHT), y = n * ROW;
  if (total > MAX_HEIGHT) list.scrollTop = Math.max(0, y - list.clientHeight / 2) / (total - list.clientHeight) * (height - list.clientHeight);
  else if (Math.abs(y - list.scrollTop) > 2 * list.clientHeight) list.scrollTop = y - list.clientHeight / 2; // far: into the middle
  else if (y < list.scrollTop) list.scrollTop = y;
  else if (y + ROW > list.scrollTop + list.clientHeight) list.scrollTop = y + ROW - list.clientHeight;
}

function listEvents() {
  list.addEventListener("scroll", () => requestAnimationFrame(drawList), { passive: true });
  list.addEventListener("keydown", e => {
    const page = Math.max(1, Math.floor(list.clientHeight / ROW) - 1), at = shown.indexOf(selected);
    const to = { ArrowDown: at + 1, ArrowUp: at - 1, PageDown: at + page, PageUp: at - page, Home: 0, End: shown.length - 1 }[e.key];
    if (to === undefined || !shown.length || e.ctrlKey || e.metaKey || e.altKey) return;
    e.preventDefault();
    choose(shown[Math.min(shown.length - 1, Math.max(0, to))]);
  });
}
