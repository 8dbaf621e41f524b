package report

import (
	"fmt"
	"html/template"
	"slices"
	"strconv"
	"strings"
	"sync"

	"tideline/scanner/finding"
)

// How much of the lists the static page shows. What is left out is counted.
const (
	pageExposure = 500
	pageTop      = 100
	pageLedger   = 2000
	pageRules    = 400
	pageKinds    = 100
	pageText     = 400 // bytes of a text from evidence; the whole of it is in the data
)

// A pageView is what the templates fill in.
type pageView struct {
	*finding.Overview
	Lead, Rest  string // the verdict: its first sentence, and the others
	Cards       []actorView
	Exposure    []exposureView
	Credentials int // in the whole rotation list
	Top         []finding.Finding
	Ledger      []finding.Entry
	Listed      int // in the whole ledger
	Unfired     []finding.RuleCoverage
	Kinds       []finding.SourceCoverage // of sources
	Zero        bool                     // no finding at all
}

// An exposureView is a line of the rotation list.
type exposureView struct {
	*finding.Exposure
	Label string
	Who   []string
	Tried []string // who was refused it
}

func newPageView(o *finding.Overview) (*pageView, error) {
	v := &pageView{Overview: o, Cards: actorViews(o), Top: first(pageTop, o.Top), Listed: int(o.Entries()), Unfired: first(pageRules, o.Coverage.Rules),
		Kinds: first(pageKinds, o.Coverage.Sources),
		Zero:  o.Summary.Findings == 0 && len(o.Top) == 0}
	v.Lead, v.Rest = leadSentence(verdict(o))
	who := newWhoIs(o.Actors)
	for i := range first(pageExposure, o.Exposure) {
		e := &o.Exposure[i]
		v.Exposure = append(v.Exposure, exposureView{e, finding.CredentialText(e.Kind, e.Namespace, e.Name), who.names(e.Actors), who.names(e.Tried)})
	}
	err := o.EachEntry(func(e *finding.Entry) error {
		if len(v.Ledger) < pageLedger {
			v.Ledger = append(v.Ledger, *e)
		}
		return nil
	})
	return v, err
}

// leadSentence parts the first sentence of a text from the rest: at a full stop
// before a space and a capital letter.
func leadSentence(text string) (lead, rest string) {
	for i := 0; i+2 < len(text); i++ {
		if text[i] == '.' && text[i+1] == ' ' && text[i+2] >= 'A' && text[i+2] <= 'Z' {
			return text[:i+1], text[i+2:]
		}
	}
	return text, ""
}

// pageTemplate is the static part of the page, parsed when first needed.
var pageTemplate = sync.OnceValue(func() *template.Template {
	return template.Must(template.New("page").Funcs(template.FuncMap{
		"band":    finding.Band,
		"clock":   func(t finding.Time) string { return layout(t, "2006-01-02 15:04:05") },
		"hour":    func(t finding.Time) string { return layout(t, "15:04:05") },
		"cut":     func(s string) string { return limit(s, pageText) },
		"join":    func(list []string) string { return limit(shortList(list, 6), 2*pageText) },
		"all":     func(list []string) string { return strings.Join(list, ", ") },
		"before":  func(s finding.Summary) int64 { return toldEarlier(&s) },
		"more":    func(all, shown int) int { return all - shown },
		"num":     grouped,
		"word":    word,
		"levels":  levelCounts,
		"details": detailCounts,
		"size":    byteSize,
		"lacks":   lacks,
		"len64":   func(l []finding.Finding) int64 { return int64(len(l)) },
		"first3":  func(l []string) []string { return first(3, l) },
	}).Parse(asset("report.tmpl")))
})

func first[T any](n int, list []T) []T { return list[:min(n, len(list))] }

func layout(t finding.Time, form string) string {
	if t.IsZero() {
		return ""
	}
	return t.UTC().Format(form)
}

// word is s if it is one plain word, and empty otherwise: a part of the name of
// a class must not become a class of its own, one that hides what it stands at.
func word(s string) string {
	if strings.Trim(s, "abcdefghijklmnopqrstuvwxyz") != "" {
		return ""
	}
	return s
}

// grouped writes a whole number with its thousands apart.
func grouped(v any) string {
	text := fmt.Sprint(v)
	n, err := strconv.ParseInt(text, 10, 64)
	if err != nil || n < 10000 && n > -10000 {
		return text
	}
	sign, digits := "", text
	if n < 0 {
		sign, digits = "-", text[1:]
	}
	for i := len(digits) - 3; i > 0; i -= 3 {
		digits = digits[:i] + "," + digits[i:]
	}
	return sign + digits
}

// A levelCount is one chip of the head.
type levelCount struct {
	Name  string
	Count int64
}

// levelCounts lists the levels with findings, the worst first.
func levelCounts(s finding.Summary) []levelCount {
	var out []levelCount
	for _, name := range slices.Backward(finding.Levels) {
		if n := s.ByLevel[name]; n > 0 {
			out = append(out, levelCount{name, n})
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
	slices.SortFunc(names, func(a, b string) int {
		if details[a] != details[b] {
			if details[a] > details[b] {
				return -1
			}
			return 1
		}
		return strings.Compare(a, b)
	})
	names = first(maxDetails, names)
	for i, name := range names {
		names[i] = limit(name, 80) + " " + grouped(details[name])
	}
	return names
}
