package report

import (
	"fmt"
	"html/template"
	"sort"
	"strings"

	"tideline/scanner/finding"
)

// pageTemplate parses the static part of the page. html/template escapes what
// it fills in for the place it stands at.
func pageTemplate() *template.Template {
	return template.Must(template.New("page").Funcs(template.FuncMap{
		"band":  finding.Band,
		"clock": func(t finding.Time) string { return layout(t, "2006-01-02 15:04:05") },
		"hour":  func(t finding.Time) string { return layout(t, "15:04:05") },
		"join":  func(list []string) string { return strings.Join(list, ", ") },
		"minus": func(n, m int) int { return n - m },

		"levels":        levelCounts,
		"details":       detailCounts,
		"first":         func(n int, l []finding.Actor) []finding.Actor { return l[:min(n, len(l))] },
		"firstText":     func(n int, l []string) []string { return l[:min(n, len(l))] },
		"firstStep":     func(n int, l []finding.Step) []finding.Step { return l[:min(n, len(l))] },
		"firstExposure": func(n int, l []finding.Exposure) []finding.Exposure { return l[:min(n, len(l))] },
		"firstFinding":  func(n int, l []finding.Finding) []finding.Finding { return l[:min(n, len(l))] },
		"firstEntry":    func(n int, l []finding.Entry) []finding.Entry { return l[:min(n, len(l))] },
	}).Parse(asset("report.tmpl")))
}

func layout(t finding.Time, form string) string {
	if t.IsZero() {
		return ""
	}
	return t.UTC().Format(form)
}

// A levelCount is one chip of the head.
type levelCount struct {
	Name  string
	Count int64
}

// levelCounts lists the levels with findings, the worst first.
func levelCounts(s finding.Summary) []levelCount {
	var out []levelCount
	for i := len(finding.Levels) - 1; i >= 0; i-- {
		if n := s.ByLevel[finding.Levels[i]]; n > 0 {
			out = append(out, levelCount{finding.Levels[i], n})
		}
	}
	return out
}

// maxDetails bounds the details listed of one format.
const maxDetails = 16

// detailCounts lists the most frequent details of a format's events.
func detailCounts(details map[string]int64) []string {
	names := make([]string, 0, len(details))
	for name := range details {
		names = append(names, name)
	}
	sort.Slice(names, func(i, j int) bool {
		a, b := names[i], names[j]
		return details[a] > details[b] || details[a] == details[b] && a < b
	})
	for i, name := range names {
		names[i] = fmt.Sprintf("%s %d", name, details[name])
	}
	return names[:min(len(names), maxDetails)]
}
