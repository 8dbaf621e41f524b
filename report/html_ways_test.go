package report

import (
	"strings"
	"testing"

	"tideline/scanner/finding"
)

func TestBrowserWaysIntoTheTimeline(t *testing.T) {
	o, list := sampleOverview(), sampleFindings()
	o.Actors[0].Findings = []string{list[0].ID, list[1].ID, list[3].ID} // the fourth is another identity of it
	o.Actors[0].Story[1].Finding = list[1].ID
	o.Actors[0].Links = []finding.Link{{Actor: "docker:worker2", Why: "the same container within two seconds", Certainty: "likely"}}
	o.Exposure[0].Findings = []string{list[5].ID}
	list[2].Related = []string{list[0].ID, list[1].ID, "0000000000000000"}
	b := openBrowser(t)
	path := b.open(htmlPage(t, o, list))
	count := func() string { return b.text(`document.getElementById("count").textContent`) }
	chosen := func() string { return b.text(`document.querySelector("#detail h3").textContent`) }
	if got := b.text(`document.querySelector(".link").textContent`); !strings.Contains(got, "docker:worker2: the same container within two seconds (likely)") {
		t.Errorf("the relation is shown as %q", got)
	}
	b.eval(`document.querySelector("[data-actor='0'] .who button").click()`, nil)
	if count() != "3 of 7 findings" {
		t.Errorf("findings of an actor: %s", count())
	}
	b.eval(`document.querySelector("[data-exposure='0'] a").click()`, nil)
	if count() != "1 of 7 findings" || chosen() != list[5].Summary {
		t.Errorf("findings of a credential: %s, %s", count(), chosen())
	}
	b.eval(`document.getElementById("f-only").click()`, nil)
	if count() != "7 findings" {
		t.Errorf("without the restriction: %s", count())
	}
	b.eval(`document.querySelector("[data-finding='`+list[1].ID+`'] a").click()`, nil)
	if chosen() != list[1].Summary {
		t.Errorf("a step of the story leads to %s", chosen())
	}
	if got := b.text(`document.querySelector("#detail .related").textContent`); !strings.Contains(got, list[2].Summary) {
		t.Errorf("a member says it is part of %q", got)
	}
	b.eval(`document.querySelector("#detail .related a").click()`, nil)
	if got := b.text(`document.querySelector("#detail .related").textContent`); chosen() != list[2].Summary || !strings.Contains(got, "1 more not in this report") {
		t.Errorf("a correlation %s is made of %q", chosen(), got)
	}
	quietPage(t, b, path)
}

func TestBrowserMouse(t *testing.T) {
	b := openBrowser(t)
	path := b.open(paged(t)(crowdReport(500)))
	b.eval(`document.getElementById("explorer").scrollIntoView()`, nil)
	var box struct{ X, Y, Width, Height float64 }
	place := func(id string) { b.eval(`document.getElementById("`+id+`").getBoundingClientRect().toJSON()`, &box) }
	mouse := func(kind string, x, y float64) {
		b.do("Input.dispatchMouseEvent", args{"type": kind, "x": x, "y": y, "button": "left", "buttons": 1, "clickCount": 1}, nil)
	}
	place("histogram")
	mouse("mouseMoved", box.X+box.Width/2, box.Y+60)
	if got := b.text(`document.getElementById("tip").innerText`); !strings.Contains(got, "2026-03-01 12:00:00, 5 min") || !strings.Contains(got, "events") {
		t.Errorf("over the middle of the day: %q", got)
	}
	mouse("mousePressed", box.X+box.Width/4, box.Y+60)
	mouse("mouseMoved", box.X+box.Width/3, box.Y+60)
	mouse("mouseMoved", box.X+box.Width/2, box.Y+60)
	mouse("mouseReleased", box.X+box.Width/2, box.Y+60)
	if got := b.text(`document.getElementById("f-from").value.slice(0, 13) + " " + document.getElementById("f-to").value.slice(0, 13)`); got != "2026-03-01 05 2026-03-01 12" && got != "2026-03-01 06 2026-03-01 12" && got != "2026-03-01 05 2026-03-01 11" {
		t.Errorf("the brush chose %s", got)
	}
	if got := b.text(`document.getElementById("count").textContent`); !strings.HasPrefix(got, "12") || !strings.HasSuffix(got, "of 500 findings") {
		t.Errorf("a quarter of the day: %s", got)
	}
	mouse("mousePressed", box.X+5, box.Y+60) // twice: all again
	mouse("mouseReleased", box.X+5, box.Y+60)
	b.eval(`document.getElementById("histogram").dispatchEvent(new MouseEvent("dblclick"))`, nil)
	if got := b.text(`document.getElementById("count").textContent`); got != "500 findings" {
		t.Errorf("after a double click: %s", got)
	}
	place("lanes")
	mouse("mouseMoved", box.X+7, box.Y+12) // the first finding is the first mark of the first lane
	if got := b.text(`document.getElementById("tip").innerText`); !strings.Contains(got, "read the secret app-0") {
		t.Errorf("over the first mark: %q", got)
	}
	mouse("mousePressed", box.X+7, box.Y+12)
	mouse("mouseReleased", box.X+7, box.Y+12)
	if got := b.text(`document.querySelector("#detail h3").textContent`); got != "read the secret app-0 of namespace team-0" {
		t.Errorf("a click on the first mark shows %q", got)
	}
	b.eval(`document.querySelector("#lane-names button").click()`, nil)
	if got := b.text(`document.getElementById("f-actor").selectedOptions[0].text`); got != "sa:team-0:app-0 (3)" {
		t.Errorf("a lane's name chose %q", got)
	}
	b.eval(`document.getElementById("theme").click()`, nil)
	if got := b.text(`document.documentElement.dataset.theme + getComputedStyle(document.body).backgroundColor`); got != "darkrgb(20, 22, 26)" {
		t.Errorf("the other theme is %s", got)
	}
	quietPage(t, b, path)
}

func TestBrowserWithoutScripts(t *testing.T) {
	b := openBrowser(t)
	b.do("Emulation.setScriptExecutionDisabled", args{"value": true}, nil)
	path := b.open(htmlPage(t, sampleOverview(), sampleFindings()))
	for selector, want := range map[string]string{
		".verdict":  "stands out with a score of 97",
		"#actors":   "listed all secrets of namespace prod",
		"#rotation": "every secret in prod",
		"#top":      "docker inspect shows environment variables",
		"#coverage": "Reads of secrets are logged without bodies",
		"#ledger":   "gzip.damaged",
	} {
		var r struct {
			Text    string
			Visible bool
		}
		b.eval(`(e => e ? {text: e.innerText, visible: e.checkVisibility() && e.getBoundingClientRect().height > 0} : {text: "", visible: false})(document.querySelector(`+"`"+selector+"`"+`))`, &r)
		if !r.Visible || !strings.Contains(r.Text, want) {
			t.Errorf("%s: visible %v, says %.300q, want %q", selector, r.Visible, r.Text, want)
		}
	}
	if got := b.text(`[...document.querySelectorAll("button, select, input, canvas")].filter(e => e.checkVisibility()).length`); got != "0" {
		t.Errorf("%s controls are shown that do nothing without scripts", got)
	}
	quietPage(t, b, path)
}
