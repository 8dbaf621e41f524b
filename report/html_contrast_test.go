package report

import (
	"math"
	"regexp"
	"strconv"
	"testing"
)

// Text is legible and marks are visible in both themes (WCAG 2.2, success
// criteria 1.4.3 and 1.4.11): 4.5 to 1 and 3 to 1.
func TestHTMLContrast(t *testing.T) {
	css := asset("report.css")
	themes := regexp.MustCompile(`(?s):root[^{]*\{([^}]*--paper[^}]*--card[^}]*)\}`).FindAllStringSubmatch(css, -1)
	if len(themes) < 3 {
		t.Fatalf("%d themes found, want light and twice dark", len(themes))
	}
	for n, theme := range themes {
		colors := map[string]float64{}
		for _, m := range regexp.MustCompile(`--([a-z]+): #([0-9a-f]{6})\b`).FindAllStringSubmatch(theme[1], -1) {
			colors[m[1]] = luminance(t, m[2])
		}
		for _, ground := range []string{"paper", "card", "faint"} {
			for name, least := range map[string]float64{"ink": 7, "soft": 4.5, "critical": 4.5, "high": 4.5, "good": 4.5, "focus": 3, "medium": 3, "low": 3, "informational": 3, "denied": 3, "edge": 2.8} {
				if got := contrast(colors[name], colors[ground]); got < least {
					t.Errorf("theme %d: %s on %s has contrast %.2f, want %.1f", n, name, ground, got, least)
				}
			}
		}
	}
}

func contrast(a, b float64) float64 { return (max(a, b) + 0.05) / (min(a, b) + 0.05) }

// luminance is the relative luminance of a colour in sRGB, as WCAG defines it.
func luminance(t *testing.T, hex string) float64 {
	t.Helper()
	n, err := strconv.ParseUint(hex, 16, 32)
	if err != nil {
		t.Fatal(err)
	}
	part := func(v uint64) float64 {
		c := float64(v&255) / 255
		if c <= 0.04045 {
			return c / 12.92
		}
		return math.Pow((c+0.055)/1.055, 2.4)
	}
	return 0.2126*part(n>>16) + 0.7152*part(n>>8) + 0.0722*part(n)
}
