// Everything follows from the state: after a change, filter and draw.
function changed() {
  filter();
  list.scrollTop = 0;
  if (selected >= 0) reveal(selected);
  showState();
  draw();
}

function draw() {
  readColors();
  drawHistogram();
  if (COUNT) { drawLanes(); drawList(); }
}

function choose(i) {
  selected = i;
  reveal(i);
  draw();
  drawDetail();
}

function switchTheme() {
  const root = document.documentElement, dark = root.dataset.theme ? root.dataset.theme === "dark" : matchMedia("(prefers-color-scheme: dark)").matches;
  root.dataset.theme = dark ? "light" : "dark";
  draw();
}

function switchZone() {
  local = !local;
  $("zone").setAttribute("aria-pressed", String(local));
  $("zone").textContent = local ? zone(Number.isNaN(extent.from) ? 0 : extent.from) : "UTC";
  staticTimes();
  for (const id of ["f-from", "f-to"]) if ($(id).getAttribute("aria-invalid") !== "true") $(id).value = "";
  showState();
  draw();
  drawDetail();
}

document.documentElement.classList.add("js");
linkStatic();
$("has-quiet").hidden = !quiet.length;
$("has-denied").hidden = !findings.some(f => f.outcome === "denied");
$("zone").title = "times: UTC, or the zone of this computer";
$("zone").addEventListener("click", switchZone);
$("theme").addEventListener("click", switchTheme);
window.addEventListener("resize", draw);
window.addEventListener("hashchange", openTarget);
matchMedia("(prefers-color-scheme: dark)").addEventListener("change", draw);
if (COUNT) {
  buildFilters(changed);
  laneEvents(choose);
  listEvents();
} else {
  for (const e of document.querySelectorAll("#filters, .split, .lane-by, #lane-names, #lanes, .lane-more" + (extent.none ? ", #chart" : ""))) e.hidden = true;
  $("explorer").append(el("p", "soft", "Nothing was found. What could not have been seen is below."));
}
histogramEvents(changed);
changed();
openTarget();
// Open with what matters most: the finding of highest score.
if (COUNT) choose(shown.reduce((best, i) => findings[i].score > findings[best].score ? i : best));
