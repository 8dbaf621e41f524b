// Everything follows from the state: after a change, filter and draw.
function changed() {
  filter();
  list.scrollTop = 0;
  document.getElementById("count").textContent = `${shown.length} of ${findings.length} findings`;
  draw();
}

function draw() {
  drawHistogram();
  drawLanes();
  drawList();
}

function choose(i) {
  selected = i;
  reveal(i);
  draw();
  drawDetail();
}

function theme() {
  const root = document.documentElement, dark = root.dataset.theme ? root.dataset.theme === "dark" : matchMedia("(prefers-color-scheme: dark)").matches;
  root.dataset.theme = dark ? "light" : "dark";
  draw();
}

document.documentElement.classList.add("js");
buildFilters(changed);
histogramEvents(changed);
laneEvents(choose);
listEvents();
document.getElementById("theme").addEventListener("click", theme);
const zone = document.getElementById("zone");
zone.addEventListener("click", () => {
  local = !local;
  zone.setAttribute("aria-pressed", String(local));
  zone.textContent = local ? "my zone" : "UTC";
  draw();
  drawDetail();
});
window.addEventListener("resize", draw);
matchMedia("(prefers-color-scheme: dark)").addEventListener("change", draw);
changed();
// Open with what matters most: the finding of highest score.
if (shown.length) choose(shown.reduce((best, i) => findings[i].score > findings[best].score ? i : best, shown[0]));
