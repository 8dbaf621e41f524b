package scanner

import (
	"encoding/json"
	"fmt"
	"math"
	"slices"
	"sort"
	"strconv"
	"strings"
	"time"
)

// A Document is a JSON or YAML value as rules look at it: the events of rule
// tests and of `rules eval`. Names are dotted, and match nested objects and
// literal dotted keys alike; an array on the way stands for each of its members.
// It implements sigma.Event.
type Document struct {
	root   any
	fields []string
	cache  map[string][][]byte
}

// NewDocument wraps a decoded value. fields are those of the rule set.
func NewDocument(root any, fields []string) *Document {
	return &Document{root: root, fields: fields, cache: map[string][][]byte{}}
}

// Values implements sigma.Event.
func (d *Document) Values(dst [][]byte, field int) [][]byte {
	return append(dst, d.Lookup(d.fields[field])...)
}

// Keywords implements sigma.Event: all values of the document.
func (d *Document) Keywords(dst [][]byte) [][]byte { return appendLeaves(dst, d.root) }

// Lookup returns the values of a field: nil for null, empty for "".
func (d *Document) Lookup(name string) [][]byte {
	v, ok := d.cache[name]
	if !ok {
		v = lookup(nil, d.root, name)
		d.cache[name] = v
	}
	return v
}

// Texts returns the values of a field that are not null.
func (d *Document) Texts(name string) []string {
	var out []string
	for _, v := range d.Lookup(name) {
		if v != nil {
			out = append(out, string(v))
		}
	}
	return out
}

// Time reads @timestamp: RFC 3339, or seconds or milliseconds since 1970; zero
// if there is none.
func (d *Document) Time() time.Time {
	for _, s := range append(d.Texts("@timestamp"), d.Texts("timestamp")...) {
		for _, layout := range []string{time.RFC3339Nano, "2006-01-02 15:04:05.999999999", "2006-01-02T15:04:05.999999999"} {
			if t, err := time.Parse(layout, s); err == nil {
				return t.UTC()
			}
		}
		if f, err := strconv.ParseFloat(s, 64); err == nil && math.Abs(f) < 1e15 {
			if math.Abs(f) > 1e11 {
				return time.UnixMicro(int64(math.Round(f * 1e3))).UTC()
			}
			return time.UnixMicro(int64(math.Round(f * 1e6))).UTC()
		}
	}
	return time.Time{}
}

// lookup appends the values of the dotted name below v.
func lookup(dst [][]byte, v any, name string) [][]byte {
	switch v := v.(type) {
	case []any:
		for _, member := range v {
			dst = lookup(dst, member, name)
		}
	case map[string]any:
		if leaf, ok := v[name]; ok {
			dst = appendValue(dst, leaf)
		}
		for i := 0; i < len(name); i++ {
			if name[i] != '.' {
				continue
			}
			if child, ok := v[name[:i]]; ok {
				dst = lookup(dst, child, name[i+1:])
			}
		}
	}
	return dst
}

// appendValue appends a leaf; of an array each member, of an object its JSON.
// An array without members is there and has no value, which is what null is.
func appendValue(dst [][]byte, v any) [][]byte {
	switch v := v.(type) {
	case []any:
		if len(v) == 0 {
			return append(dst, nil)
		}
		for _, member := range v {
			dst = appendValue(dst, member)
		}
		return dst
	case map[string]any:
		text, err := json.Marshal(v)
		if err != nil {
			return dst // not a value JSON has; nothing to compare with
		}
		return append(dst, text)
	}
	return append(dst, scalar(v))
}

func appendLeaves(dst [][]byte, v any) [][]byte {
	switch v := v.(type) {
	case []any:
		for _, member := range v {
			dst = appendLeaves(dst, member)
		}
	case map[string]any:
		for _, k := range sortedKeys(v) {
			dst = appendLeaves(dst, v[k])
		}
	default:
		dst = append(dst, scalar(v))
	}
	return dst
}

// scalar is the text of a value; nil stays nil.
func scalar(v any) []byte {
	switch v := v.(type) {
	case nil:
		return nil
	case string:
		return append([]byte{}, v...)
	case json.Number:
		return signedExponent(string(v))
	case float64:
		return strconv.AppendFloat([]byte{}, v, 'f', -1, 64)
	case time.Time:
		return []byte(v.Format(time.RFC3339Nano))
	}
	return append([]byte{}, fmt.Sprint(v)...)
}

// signedExponent spells a number so that it cannot be taken for a hexadecimal
// word: 1e3 as 1e+3.
func signedExponent(s string) []byte {
	if i := strings.IndexAny(s, "eE"); i >= 0 && i+1 < len(s) && s[i+1] >= '0' && s[i+1] <= '9' {
		s = s[:i+1] + "+" + s[i+1:]
	}
	return []byte(s)
}

// RuleTestResults say how the tests inside rules went.
type RuleTestResults struct {
	Rules    int // that have tests
	Passed   int
	Failed   []FailedTest
	Untested []string // titles of rules without a hit or without a miss
}

// A FailedTest is a test inside a rule that did not go as the rule says.
type FailedTest struct{ Rule, Path, Reason string }

// TestRules runs the tests inside all rules.
func TestRules(rs *Ruleset) RuleTestResults {
	var out RuleTestResults
	all := rs.Set.Matcher()
	scratch := all.NewScratch()
	for _, i := range rs.Rules() {
		r, hits, misses := rs.Set.Rules()[i], 0, 0
		for n, test := range rs.Block(i).Tests {
			got := slices.Contains(all.Match(nil, NewDocument(test.Event, rs.Set.Fields()), scratch), i)
			if test.Hit {
				hits++
			} else {
				misses++
			}
			if got == test.Hit {
				out.Passed++
				continue
			}
			out.Failed = append(out.Failed, FailedTest{r.Title, r.Path, testFailure(n, &test)})
		}
		if hits+misses > 0 {
			out.Rules++
		}
		if hits == 0 || misses == 0 {
			out.Untested = append(out.Untested, r.Title)
		}
	}
	sort.Strings(out.Untested)
	return out
}

func testFailure(n int, test *RuleTest) string {
	want := "should miss, and hits"
	if test.Hit {
		want = "should hit, and misses"
	}
	s := fmt.Sprintf("test %d %s", n+1, want)
	if test.Why != "" {
		s += " (" + strings.TrimSpace(test.Why) + ")"
	}
	return s
}
