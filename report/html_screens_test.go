package report

import (
	"encoding/base64"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// No page is wider than its window, at any width, and none says anything on
// the console.
func TestBrowserFitsTheWindow(t *testing.T) {
	b := openBrowser(t)
	for name, page := range screens(t) {
		path := b.open(page)
		for _, width := range []int{1280, 860, 400, 320} {
			b.resize(width, 900)
			if got := b.text(`document.documentElement.scrollWidth - document.documentElement.clientWidth`); got != "0" {
				wide := b.text(`[...document.querySelectorAll("body *")].filter(e => e.getBoundingClientRect().right > innerWidth + 1 && !e.closest(".scroll, pre, .skip")).slice(0, 5).map(e => e.tagName + "." + e.className + "#" + e.id)`)
				t.Errorf("%s is %s pixels wider than the window at %d: %s", name, got, width, wide)
			}
		}
		quietPage(t, b, path)
	}
}

func screens(t *testing.T) map[string][]byte {
	t.Helper()
	return map[string][]byte{
		"sample":  htmlPage(t, sampleOverview(), sampleFindings()),
		"hostile": paged(t)(hostileReport()),
		"crowd":   paged(t)(crowdReport(3000)),
		"empty":   paged(t)(emptyReport()),
		"one":     paged(t)(oneReport()),
	}
}

// TIDELINE_SCREENSHOTS names a folder: pictures of the pages at both widths, in
// both themes and printed go there, and of every .html in it too. Somebody
// should look at them after each change of the page.
func TestBrowserScreenshots(t *testing.T) {
	dir := os.Getenv("TIDELINE_SCREENSHOTS")
	if dir == "" {
		t.Skip("TIDELINE_SCREENSHOTS is not set")
	}
	b := openBrowser(t)
	pages := screens(t)
	more, err := filepath.Glob(filepath.Join(dir, "*.html"))
	if err != nil {
		t.Fatal(err)
	}
	for _, path := range more {
		if pages[strings.TrimSuffix(filepath.Base(path), ".html")], err = os.ReadFile(path); err != nil {
			t.Fatal(err)
		}
	}
	for name, page := range pages {
		for _, theme := range []string{"light", "dark"} {
			b.do("Emulation.setEmulatedMedia", args{"media": "", "features": []args{{"name": "prefers-color-scheme", "value": theme}}}, nil)
			for _, width := range []int{1280, 400} {
				b.resize(width, 900)
				b.open(page)
				b.picture(filepath.Join(dir, name+"-"+theme+"-"+decimal(int64(width))+".png"))
			}
		}
		b.do("Emulation.setEmulatedMedia", args{"media": "print"}, nil)
		b.resize(794, 900)
		b.picture(filepath.Join(dir, name+"-print.png"))
		b.do("Emulation.setEmulatedMedia", args{"media": ""}, nil)
	}
}

// picture writes a picture of the page, the first 6,000 pixels of it.
func (b *browser) picture(path string) {
	b.t.Helper()
	var shot struct{ Data string }
	var size struct{ W, H int }
	b.eval(`({w: innerWidth, h: Math.min(6000, document.documentElement.scrollHeight)})`, &size)
	b.do("Page.captureScreenshot", args{"format": "png", "captureBeyondViewport": true, "clip": args{"x": 0, "y": 0, "width": size.W, "height": size.H, "scale": 1}}, &shot)
	data, err := base64.StdEncoding.DecodeString(shot.Data)
	if err != nil {
		b.t.Fatal(err)
	}
	if err := os.WriteFile(path, data, 0o600); err != nil {
		b.t.Fatal(err)
	}
}
