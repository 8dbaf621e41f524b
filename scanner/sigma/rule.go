package sigma

import (
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"
)

// A LogSource says which events a rule is about. An empty part is not asked
// for. Custom keys of a rule's logsource are not kept.
type LogSource struct{ Category, Product, Service string }

// Contains reports whether every part that l names is the same in o, case
// ignored: a rule for l applies to events of o.
func (l LogSource) Contains(o LogSource) bool {
	in := func(want, have string) bool { return want == "" || strings.EqualFold(want, have) }
	return in(l.Category, o.Category) && in(l.Product, o.Product) && in(l.Service, o.Service)
}

// Name is product/category/service, or what there is of it, for people.
func (l LogSource) Name() string {
	var parts []string
	for _, p := range [...]string{l.Product, l.Category, l.Service} {
		if p != "" {
			parts = append(parts, p)
		}
	}
	return strings.Join(parts, "/")
}

// A Header is what every kind of Sigma document says of itself. Texts are as
// written; what is missing is empty.
type Header struct {
	ID, Title, Name, Description string
	Status, Level                string // lower case
	Author, License              string
	Date, Modified               string
	Taxonomy                     string

	References, Tags, FalsePositives []string
	Fields, Scope                    []string
	Related                          []string // ids of other rules that it has to do with

	// Custom holds every top-level key that Sigma does not define, decoded to
	// map[string]any, []any, string, int, float64, bool and nil.
	Custom map[string]any
	// CustomLines are the lines of those keys, and of the keys of maps right below
	// them, as "key" and "key.below".
	CustomLines map[string]int

	Path string // as given to Parse
	Line int    // of the document in it, from 1

	digest [32]byte // of the document's content: tells a copy from a clash
}

// A Rule is one Sigma rule as written. It is immutable once parsed.
type Rule struct {
	Header
	LogSource LogSource

	detection *detection
}

// FieldNames are the fields that the detection of r asks for, sorted.
// Keywords, which look through all values, are no field.
func (r *Rule) FieldNames() []string {
	names := map[string]bool{}
	r.detection.root.fields(names)
	return sorted(names)
}

// FieldLines are those fields, each with the first line that asks for it.
func (r *Rule) FieldLines() map[string]int { return r.detection.root.fieldLines() }

// Missing are those fields reported by absent for want of which r cannot match
// whatever else an event holds, sorted; none if it can match without. Absent
// may be asked for any of FieldNames.
func (r *Rule) Missing(absent func(field string) bool) []string {
	l := &lack{absent: absent, known: map[lackOf]map[string]bool{}}
	return sorted(l.of(r.detection.root, false))
}

// UsesKeywords reports whether r looks through all values of an event.
func (r *Rule) UsesKeywords() bool { return r.detection.root.keywords() }

// A Filter is a global filter document: tuning that is added to other rules.
type Filter struct {
	Header
	LogSource LogSource
	Rules     []string // ids or names
	Any       bool     // every rule whose log source LogSource contains

	detection *detection
	hasNot    bool
}

// A CorrelationType says what a correlation looks at.
type CorrelationType string

// The correlation types of Sigma 2.1, and the median that pySigma adds.
const (
	EventCount      CorrelationType = "event_count"
	ValueCount      CorrelationType = "value_count"
	Temporal        CorrelationType = "temporal"
	TemporalOrdered CorrelationType = "temporal_ordered"
	ValueSum        CorrelationType = "value_sum"
	ValueAvg        CorrelationType = "value_avg"
	ValuePercentile CorrelationType = "value_percentile"
	ValueMedian     CorrelationType = "value_median"
)

// A Bound is one half of a correlation's condition: `gte: 10`.
type Bound struct {
	Op    string // gt, gte, lt, lte, eq or neq
	Value float64
}

// Holds reports whether x is within b.
func (b Bound) Holds(x float64) bool {
	switch b.Op {
	case "gt":
		return x > b.Value
	case "gte":
		return x >= b.Value
	case "lt":
		return x < b.Value
	case "lte":
		return x <= b.Value
	case "eq":
		return x == b.Value
	}
	return x != b.Value
}

// A Member is a rule, or another correlation, that a correlation counts.
type Member struct {
	Ref         string // as written: id or name
	Rule        int    // index into Set.Rules, or -1
	Correlation int    // index into Set.Correlations, or -1
	// Alias is, per alias of the correlation, what it stands for in matches of
	// this member: a field, or what a counted correlation groups by.
	Alias map[string]string
}

// Field returns what a name in group-by or field stands for in matches of m;
// ok is false if it is an alias that says nothing about m.
func (m *Member) Field(c *Correlation, name string) (field string, ok bool) {
	if _, isAlias := c.Aliases[name]; !isAlias {
		return name, true
	}
	field, ok = m.Alias[name]
	return field, ok
}

// A Correlation relates the matches of rules to each other.
type Correlation struct {
	Header
	Type     CorrelationType
	Rules    []string // as written: ids or names
	GroupBy  []string // fields or aliases, in order
	Timespan time.Duration
	// Aliases: alias to rule (id or name) to the field it stands for there.
	Aliases    map[string]map[string]string
	Bounds     []Bound   // all must hold; none for temporal types means every rule
	Expr       *RuleExpr // a temporal condition over rules in words, or nil
	Fields     []string  // of value types; several are taken as one tuple
	Percentile float64   // of value_percentile
	Generate   bool      // the rules it counts are reported on their own as well

	Members []Member // resolved by Compile, in the order of Rules
}

// A RuleExpr is a condition over members of a temporal correlation.
type RuleExpr struct {
	Op     string // and, or, not, rule
	Kids   []*RuleExpr
	Member int // for rule: index into Correlation.Members
}

// A Collection is what files of Sigma documents hold.
type Collection struct {
	Rules        []*Rule
	Filters      []*Filter
	Correlations []*Correlation
	Problems     []*Problem
}

// Merge appends what other holds.
func (c *Collection) Merge(other *Collection) {
	c.Rules = append(c.Rules, other.Rules...)
	c.Filters = append(c.Filters, other.Filters...)
	c.Correlations = append(c.Correlations, other.Correlations...)
	c.Problems = append(c.Problems, other.Problems...)
}

// A Problem is why a document was refused, or, as a Warning, why it may not do
// what its author meant.
type Problem struct {
	Path    string
	Line    int    // from 1; 0 if it concerns the whole file
	Rule    string // title of the document, "" if it has none
	Reason  string
	Mend    string // what to do
	Warning bool
}

// Error says where, what and how to mend, on one line.
func (p *Problem) Error() string {
	var b strings.Builder
	b.WriteString(p.Path)
	if p.Line > 0 {
		fmt.Fprintf(&b, ":%d", p.Line)
	}
	if p.Rule != "" {
		fmt.Fprintf(&b, ": rule %s", quote(p.Rule))
	}
	b.WriteString(": " + p.Reason)
	if p.Mend != "" {
		b.WriteString(" (" + p.Mend + ")")
	}
	return b.String()
}

// maxQuote is how many bytes of a rule's own text a message repeats.
const maxQuote = 200

// quote makes text from a rule fit to print: short, and without control
// characters.
func quote(s string) string {
	if len(s) > maxQuote {
		return fmt.Sprintf("%q...", s[:maxQuote])
	}
	return fmt.Sprintf("%q", s)
}

// fault is a problem of a place in a document; who knows path and title fills
// them in.
func fault(line int, mend, format string, args ...any) *Problem {
	return &Problem{Line: line, Reason: fmt.Sprintf(format, args...), Mend: mend}
}

func sorted[V any](m map[string]V) []string { return slices.Sorted(maps.Keys(m)) }
