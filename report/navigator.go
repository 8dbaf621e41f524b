package report

import (
	"io"
	"slices"
	"strconv"
	"strings"

	"tideline/scanner/finding"
)

// Layer is an ATT&CK Navigator layer, format 4.5.
type Layer struct {
	Name       string           `json:"name"`
	Versions   layerVersions    `json:"versions"`
	Domain     string           `json:"domain"`
	Describes  string           `json:"description"`
	Sorting    int              `json:"sorting"` // 3: by score, descending
	Techniques []layerTechnique `json:"techniques"`
	Gradient   layerGradient    `json:"gradient"`
	Legend     []layerLegend    `json:"legendItems"`
	Meta       []layerMetadata  `json:"metadata"`
}

type layerVersions struct {
	Navigator string `json:"navigator"`
	Layer     string `json:"layer"`
}

type layerTechnique struct {
	ID      string          `json:"techniqueID"`
	Score   int             `json:"score"`
	Comment string          `json:"comment"`
	Enabled bool            `json:"enabled"`
	Meta    []layerMetadata `json:"metadata"`
	Expand  bool            `json:"showSubtechniques"`
}

type layerMetadata struct {
	Name  string `json:"name"`
	Value string `json:"value"`
}

type layerGradient struct {
	Colors []string `json:"colors"`
	Min    int      `json:"minValue"`
	Max    int      `json:"maxValue"`
}

type layerLegend struct {
	Label string `json:"label"`
	Color string `json:"color"`
}

// NavigatorLayer is a layer in which the score of each technique is its count.
func NavigatorLayer(name, description string, counts map[string]int) *Layer {
	l := newLayer(name, description)
	l.Gradient.Max = 1
	for id, n := range counts {
		l.add(layerTechnique{ID: id, Score: n})
		l.Gradient.Max = max(l.Gradient.Max, n)
	}
	l.sort()
	return l
}

func newLayer(name, description string) *Layer {
	return &Layer{Name: name, Describes: description, Domain: "enterprise-attack", Versions: layerVersions{"5.1.0", "4.5"}, Sorting: 3,
		Techniques: []layerTechnique{}, Gradient: layerGradient{[]string{"#ffffff", "#fdae61", "#d7191c"}, 0, 100}, Legend: []layerLegend{}, Meta: []layerMetadata{}}
}

// add adds a technique; sub-techniques are unfolded so that they are seen.
func (l *Layer) add(t layerTechnique) {
	t.Enabled, t.Expand = true, strings.Contains(t.ID, ".")
	if t.Meta == nil {
		t.Meta = []layerMetadata{}
	}
	l.Techniques = append(l.Techniques, t)
}

func (l *Layer) sort() {
	slices.SortFunc(l.Techniques, func(a, b layerTechnique) int { return strings.Compare(a.ID, b.ID) })
}

// navigatorWriter counts findings by technique.
type navigatorWriter struct {
	w          io.Writer
	mask       *Redactor
	techniques map[string]*techniqueTally
	verdict    string
	blind      []finding.RuleCoverage
}

type techniqueTally struct {
	score    int // the highest of its findings
	findings int64
	first    finding.Time
	last     finding.Time
	best     string // summary of the finding of the highest score
}

// newNavigator writes to w a layer for ATT&CK Navigator: the score of a
// technique is the highest score of its findings, the comment says what that
// finding was and how many there are. Its metadata names the rules that could
// not fire, with what was missing.
func newNavigator(w io.Writer, o Options) Writer {
	return &navigatorWriter{w: w, mask: NewRedactor(o), techniques: map[string]*techniqueTally{}}
}

func (n *navigatorWriter) Begin(o *finding.Overview) error {
	masked := n.mask.Overview(&finding.Overview{Summary: o.Summary, Coverage: o.Coverage})
	n.verdict, n.blind = masked.Summary.Verdict, masked.Coverage.Rules
	return nil
}

func (n *navigatorWriter) Write(shown *Shown) error {
	f := shown.plain
	for _, id := range f.Attack {
		t := n.techniques[id]
		if t == nil {
			t = &techniqueTally{first: f.Time, score: -1}
			n.techniques[id] = t
		}
		t.findings++
		t.last = f.Time
		if f.Score > t.score {
			t.score, t.best = f.Score, shown.Masked().Summary
		}
	}
	return nil
}

func (n *navigatorWriter) Close() error {
	l := newLayer("tideline findings", n.verdict)
	for id, t := range n.techniques {
		l.add(layerTechnique{ID: validText(id), Score: t.score, Comment: count(t.findings, "finding") + "; the gravest: " + t.best,
			Meta: []layerMetadata{{"findings", strconv.FormatInt(t.findings, 10)}, {"first", t.first.String()}, {"last", t.last.String()}}})
	}
	l.sort()
	for _, r := range n.blind {
		l.Meta = append(l.Meta, layerMetadata{"could not fire: " + r.Title, r.Why})
	}
	var enc jsonEncoder
	return writeLine(n.w, &enc, l)
}
