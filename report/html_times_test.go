package report

import "testing"

func TestBrowserViewersZone(t *testing.T) {
	b := openBrowser(t)
	b.do("Emulation.setTimezoneOverride", args{"timezoneId": "Asia/Kolkata"}, nil)
	path := b.open(htmlPage(t, sampleOverview(), sampleFindings()))
	at := func() string { return b.text(`document.querySelector("#detail dd").textContent`) }
	utc := at()
	if utc != "2026-03-01 10:01:00.123 UTC" {
		t.Errorf("at first %q", utc)
	}
	b.eval(`document.getElementById("zone").click()`, nil)
	if want := "2026-03-01 15:31:00.123 UTC+05:30 (" + utc + ")"; at() != want {
		t.Errorf("on request %q, want %q", at(), want)
	}
	if got := b.text(`document.querySelector(".facts time").textContent`); got != "2026-03-01 15:30:00 UTC+05:30" {
		t.Errorf("the static page says %q", got)
	}
	b.eval(`(f => { f.value = "15:33"; f.dispatchEvent(new Event("change")) })(document.getElementById("f-from"))`, nil)
	if got := b.text(`document.getElementById("count").textContent`); got != "4 of 7 findings" {
		t.Errorf("from 15:33 local: %s", got)
	}
	b.eval(`document.getElementById("zone").click()`, nil)
	if at() != utc {
		t.Errorf("back again %q", at())
	}
	quietPage(t, b, path)
}

// A time is typed as people write it; what cannot be one is marked and filters
// nothing.
func TestBrowserTypedTimes(t *testing.T) {
	b := openBrowser(t)
	path := b.open(paged(t)(crowdReport(480))) // one every three minutes
	for _, c := range []struct{ from, to, want string }{
		{"2026-03-01 12:00", "", "240 of 480 findings"},
		{"2026-03-01T12:00:00Z", "", "240 of 480 findings"},
		{"2026-03-01 12:00:00.5 UTC", "", "239 of 480 findings"},
		{"2026-03-01 14:00 +02:00", "", "240 of 480 findings"},
		{"12:00", "13:00", "21 of 480 findings"},
		{"2026-03-01", "2026-03-01", "480 findings"},
		{"2026-03-02", "", "0 of 480 findings"},
		{"", "2026-03-01 00:59", "20 of 480 findings"},
		{"noon", "", "480 findings invalid"},
		{"2026-03-01 25:00", "", "480 findings invalid"},
		{"13:00", "12:00", "480 findings invalid"},
	} {
		b.eval(`document.getElementById("f-reset").click(); for (const [id, v] of [["f-from", "`+c.from+`"], ["f-to", "`+c.to+`"]]) document.getElementById(id).value = v;
			document.getElementById("f-from").dispatchEvent(new Event("change"))`, nil)
		got := b.text(`document.getElementById("count").textContent + (document.querySelector("[aria-invalid=true]") ? " invalid" : "")`)
		if got != c.want {
			t.Errorf("from %q to %q: %s, want %s", c.from, c.to, got, c.want)
		}
	}
	quietPage(t, b, path)
}
