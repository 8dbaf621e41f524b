package report

import (
	"encoding/json"
	"strings"
	"testing"
)

// quietPage fails the test if anything was loaded besides the page, or anything
// was said on the console: errors, violations of the policy, exceptions.
func quietPage(t *testing.T, b *browser, path string) {
	t.Helper()
	for _, request := range b.all("Network.requestWillBeSent") {
		var r struct {
			Request struct{ URL string }
		}
		if err := json.Unmarshal([]byte(request), &r); err != nil {
			t.Fatal(err)
		}
		if u, _, _ := strings.Cut(r.Request.URL, "#"); u != "file://"+path {
			t.Errorf("request for %.200q", r.Request.URL)
		}
	}
	for _, event := range []string{"Log.entryAdded", "Runtime.exceptionThrown", "Runtime.consoleAPICalled", "Audits.issueAdded", "Page.javascriptDialogOpening", "Page.windowOpen"} {
		for _, params := range b.all(event) {
			t.Errorf("%s: %.800s", event, params)
		}
	}
}

func TestBrowserRunsNothingOfHostileText(t *testing.T) {
	b := openBrowser(t)
	path := b.open(paged(t)(hostileReport()))
	var n int
	b.eval(`document.scripts.length - document.querySelectorAll('script[type="application/json"]').length`, &n)
	if n != 1 {
		t.Errorf("%d scripts that run, want ours alone", n)
	}
	b.eval(`[...document.querySelectorAll("*")].filter(e => [...e.attributes].some(a => /^on|^src$|^srcdoc$/i.test(a.name))).length`, &n)
	if n != 0 {
		t.Errorf("%d elements with handlers or sources", n)
	}
	b.eval(`document.querySelectorAll("iframe,object,embed,img,link,base,svg,form[action]").length`, &n)
	if n != 0 {
		t.Errorf("%d elements that are not ours", n)
	}
	b.eval(`[...document.links].filter(a => !a.getAttribute("href").startsWith("#")).length`, &n)
	if n != 0 {
		t.Errorf("%d links that leave the page", n)
	}
	// Everything is looked at: every finding, its details, each tool tip.
	b.eval(`document.querySelectorAll("details").forEach(d => d.open = true); document.getElementById("list").focus()`, nil)
	for range 2 * len(canaries) {
		b.key("ArrowDown")
		b.eval(`document.querySelectorAll("#detail details").forEach(d => d.open = true); document.querySelectorAll("#detail button[aria-pressed]").forEach(e => e.click())`, nil)
	}
	b.eval(`document.getElementById("zone").click(); document.getElementById("lane-by").value = "source"; document.getElementById("lane-by").dispatchEvent(new Event("change"))`, nil)
	b.eval(`document.querySelectorAll("[data-exposure] a, [data-actor] .who button, .story a, #lane-names button").forEach(e => { e.click(); document.getElementById("f-reset").click() })`, nil)
	for x := 300; x < 1250; x += 60 {
		b.eval(`["histogram", "lanes"].forEach(id => document.getElementById(id).dispatchEvent(new PointerEvent("pointermove", {bubbles: true, clientX: `+decimal(int64(x))+`, clientY: 5})))`, nil)
	}
	if got := b.text("window.canary"); got != "undefined" {
		t.Errorf("canary %s: text of the evidence ran", got)
	}
	var shown string
	b.eval(`document.body.innerText`, &shown)
	for _, r := range shown {
		if r != '\n' && r != '\t' && r != '\u00a0' && invisible(r) {
			t.Errorf("the page shows %U as it is", r)
			break
		}
	}
	quietPage(t, b, path)
}

func TestBrowserHundredThousandFindings(t *testing.T) {
	if testing.Short() {
		t.Skip("large")
	}
	b := openBrowser(t)
	page := paged(t)(crowdReport(100000))
	path := b.open(page)
	t.Logf("page of %d MiB, loaded after %s ms", len(page)>>20, b.text("Math.round(performance.timing.loadEventEnd - performance.timing.navigationStart)"))
	b.eval(`new Promise(done => requestIdleCallback(() => done()))`, nil) // the page has begun to prepare its text search, as it does while nothing is asked
	const control = `const by = id => document.getElementById(id);
		const fire = (id, value, type) => { by(id).value = value; by(id).dispatchEvent(new Event(type)); };`
	for _, act := range []struct{ name, script, want string }{
		{"text", `fire("f-text", "team-7 app-3", "input")`, "286 of 100,000 findings"},
		{"no text", `fire("f-text", "", "input")`, "100,000 findings"},
		{"level", `document.querySelector("#f-levels button").click()`, "20,000 of 100,000 findings"},
		{"levels off", `document.querySelector("#f-levels button").click()`, "100,000 findings"},
		{"outcome", `fire("f-outcome", "denied", "change")`, "33,333 of 100,000 findings"},
		{"zoom typed", `fire("f-from", "2026-03-01 06:00", "change"); fire("f-to", "11:59", "change")`, "8334 of 100,000 findings"},
		{"zoom key", `by("histogram").focus(); by("histogram").dispatchEvent(new KeyboardEvent("keydown", {key: "+"}))`, ""},
		{"reset", `by("f-reset").click()`, "100,000 findings"},
		{"scroll", `by("list").scrollTop = 4e6`, "100,000 findings"},
		{"end", `by("list").dispatchEvent(new KeyboardEvent("keydown", {key: "End"}))`, "100,000 findings"},
		{"lanes by source", `fire("lane-by", "source", "change")`, "100,000 findings"},
	} {
		var r struct {
			Millis float64
			Rows   int
			Nodes  int
			Count  string
		}
		b.eval(`(() => { `+control+` const begin = performance.now(); `+act.script+`; document.body.offsetHeight;
			return {millis: performance.now() - begin, rows: document.querySelectorAll(".row").length, nodes: document.querySelectorAll("#explorer *").length, count: by("count").textContent}; })()`, &r)
		t.Logf("%-16s %6.1f ms, %d rows, %d elements, %s", act.name, r.Millis, r.Rows, r.Nodes, r.Count)
		if r.Rows > 60 || r.Nodes > 3000 {
			t.Errorf("%s: %d rows and %d elements were made", act.name, r.Rows, r.Nodes)
		}
		if act.want != "" && r.Count != act.want {
			t.Errorf("%s: %q, want %q", act.name, r.Count, act.want)
		}
	}
	b.eval(`new Promise(requestAnimationFrame)`, nil)
	if got := b.text(`document.querySelector('.row[aria-selected="true"]').getAttribute("aria-posinset")`); got != "100000" {
		t.Errorf("End chose row %s", got)
	}
	quietPage(t, b, path)
}

func TestBrowserKeyboard(t *testing.T) {
	b := openBrowser(t)
	path := b.open(paged(t)(crowdReport(500)))
	focus := func() string { return b.text(`document.activeElement.id || document.activeElement.tagName`) }
	position := func() string {
		return b.text(`document.querySelector('.row[aria-selected="true"]')?.getAttribute("aria-posinset")`)
	}
	tabTo := func(id string) {
		t.Helper()
		for range 400 {
			if focus() == id {
				var outline string
				b.eval(`getComputedStyle(document.activeElement).outlineStyle`, &outline)
				if outline == "none" {
					t.Errorf("%s has the focus and does not show it", id)
				}
				return
			}
			b.key("Tab")
		}
		t.Fatalf("Tab never came to %s; it is at %s", id, focus())
	}
	tabTo("f-text")
	b.write("app-7")
	if got := b.text(`document.getElementById("count").textContent`); !strings.Contains(got, " of 500") {
		t.Errorf("typing filtered to %q", got)
	}
	b.eval(`document.getElementById("f-text").select()`, nil)
	b.key(" ")
	tabTo("f-from")
	b.write("2026-03-01")
	b.key("Enter")
	if got := b.text(`document.getElementById("f-from").getAttribute("aria-invalid")`); got != "false" {
		t.Errorf("a date is invalid: %s", got)
	}
	tabTo("f-to")
	b.write("11:59")
	b.key("Tab")
	if got := b.text(`document.getElementById("count").textContent`); got != "250 of 500 findings" {
		t.Errorf("half a day: %q", got)
	}
	tabTo("histogram")
	span := func() string { return b.text(`document.getElementById("span").textContent`) }
	before := span()
	b.key("+")
	if span() == before {
		t.Error("+ does not zoom")
	}
	zoomed := span()
	b.key("ArrowRight")
	if span() == zoomed {
		t.Error("the right arrow does not move the span")
	}
	b.key("-", "-", "Escape")
	if got := b.text(`document.getElementById("count").textContent`); got != "500 findings" {
		t.Errorf("Escape shows %q", got)
	}
	tabTo("lanes")
	one := position()
	b.key("ArrowRight")
	if position() == one {
		t.Error("the right arrow does not go to the next finding of the lane")
	}
	lane := b.text(`document.querySelector("#detail dd:nth-of-type(2)").textContent`)
	b.key("ArrowDown")
	if b.text(`document.querySelector("#detail dd:nth-of-type(2)").textContent`) == lane {
		t.Error("the down arrow does not go to the next lane")
	}
	tabTo("list")
	for _, step := range []struct{ key, want string }{{"Home", "1"}, {"ArrowDown", "2"}, {"ArrowDown", "3"}, {"ArrowUp", "2"}, {"End", "500"}} {
		if b.key(step.key); position() != step.want {
			t.Errorf("%s: row %s, want %s", step.key, position(), step.want)
		}
	}
	if got := b.text(`document.querySelector("#list").getAttribute("aria-activedescendant")`); got != "r499" {
		t.Errorf("active descendant %q", got)
	}
	tabTo("detail")
	tabTo("copy")
	b.key("Enter")
	b.wait(func() bool { return b.text(`document.getElementById("copy").textContent`) == "copied" })
	quietPage(t, b, path)
}

func TestBrowserCopiesWhatNDJSONSays(t *testing.T) {
	b := openBrowser(t)
	list := sampleFindings()
	path := b.open(htmlPage(t, sampleOverview(), list))
	b.eval(`navigator.clipboard.writeText = async text => { window.copied = text }; document.getElementById("list").focus()`, nil)
	b.key("Home")
	lines := strings.Split(strings.TrimSpace(string(render(t, Format{Name: "ndjson", New: newNDJSON}, Options{}, sampleOverview(), list))), "\n")
	for i, line := range lines {
		b.eval(`document.getElementById("copy").click()`, nil)
		if got, want := canonicalJSON(t, b.text("window.copied")), canonicalJSON(t, line); got != want {
			t.Errorf("finding %d copied as\n%s\nwant\n%s", i, got, want)
		}
		b.key("ArrowDown")
	}
	b.eval(`document.getElementById("copy-shown").click()`, nil)
	if got := strings.Count(b.text("window.copied"), "\n"); got != len(list) {
		t.Errorf("%d lines copied, want %d", got, len(list))
	}
	// Where the clipboard may not be used, a file from disk for one, the text
	// goes through a selection.
	b.eval(`navigator.clipboard.writeText = () => Promise.reject(); document.addEventListener("copy", () => { window.copied = document.getSelection().toString() || document.activeElement.value })`, nil)
	b.eval(`document.getElementById("copy").click()`, nil)
	b.wait(func() bool { return b.text(`document.getElementById("copy").textContent`) != "copy as JSON" })
	if got := b.text(`document.getElementById("copy").textContent`); got != "copied" {
		t.Errorf("without the clipboard: %s", got)
	}
	if canonicalJSON(t, b.text("window.copied")) != canonicalJSON(t, lines[len(lines)-1]) {
		t.Errorf("without the clipboard copied %.300s", b.text("window.copied"))
	}
	quietPage(t, b, path)
}

func canonicalJSON(t *testing.T, text string) string {
	t.Helper()
	var v any
	if err := json.Unmarshal([]byte(text), &v); err != nil {
		t.Fatalf("%v: %.300s", err, text)
	}
	out, err := json.Marshal(v)
	if err != nil {
		t.Fatal(err)
	}
	return string(out)
}
