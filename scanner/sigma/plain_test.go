package sigma_test

import (
	"encoding/base64"
	"fmt"
	"net/netip"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode"
	"unicode/utf16"
)

// The plain evaluator: what a rule means, written down as obviously as can be
// and without regard to speed. It shares no code with the package, so that
// the two can be held against each other.

// A plainItem is `field|mods: values`.
type plainItem struct {
	field  string
	mods   []string
	values []any // string, int, bool or nil
}

// A plainSearch is an OR of ANDs of items.
type plainSearch [][]plainItem

// A plainCondition is a tree: op is and, or, not, a name of a search, or
// "1 of" and "all of" with a pattern as name.
type plainCondition struct {
	op   string
	name string
	kids []plainCondition
}

type plainRule struct {
	searches  map[string]plainSearch
	condition plainCondition
}

type plainEvent map[string][]any // string or nil

func (r *plainRule) matches(e plainEvent) bool { return r.holds(r.condition, e) }

func (r *plainRule) holds(c plainCondition, e plainEvent) bool {
	switch c.op {
	case "and":
		return r.holds(c.kids[0], e) && r.holds(c.kids[1], e)
	case "or":
		return r.holds(c.kids[0], e) || r.holds(c.kids[1], e)
	case "not":
		return !r.holds(c.kids[0], e)
	case "1 of", "all of":
		some, every := false, true
		for name, s := range r.searches {
			if !strings.HasPrefix(name, strings.TrimSuffix(c.name, "*")) || name[0] == '_' && c.name[0] != '_' {
				continue
			}
			holds := s.holds(e)
			some, every = some || holds, every && holds
		}
		return c.op == "1 of" && some || c.op == "all of" && every
	}
	return r.searches[c.name].holds(e)
}

func (s plainSearch) holds(e plainEvent) bool {
	for _, items := range s {
		every := true
		for _, it := range items {
			every = every && it.holds(e)
		}
		if every {
			return true
		}
	}
	return false
}

func (it plainItem) has(mod string) bool { return slices.Contains(it.mods, mod) }

func (it plainItem) holds(e plainEvent) bool {
	some, every := false, true
	for _, v := range it.values {
		holds := it.valueHolds(v, e)
		some, every = some || holds, every && holds
	}
	result := some
	if it.has("all") {
		result = every
	}
	return result != it.has("neq")
}

func (it plainItem) valueHolds(v any, e plainEvent) bool {
	have := e[it.field]
	if it.field == "" {
		have = e.all()
	}
	if it.has("exists") {
		return (len(have) > 0) == v.(bool)
	}
	if v == nil {
		return len(have) == 0 || slices.Contains(have, nil)
	}
	for _, h := range have {
		if text, ok := h.(string); ok && it.textHolds(v, text, e) {
			return true
		}
	}
	return false
}

// all are the values that keywords look through.
func (e plainEvent) all() []any {
	var out []any
	for _, values := range e {
		out = append(out, values...)
	}
	return out
}

func (it plainItem) textHolds(v any, have string, e plainEvent) bool {
	want := fmt.Sprint(v)
	for _, part := range []string{"minute", "hour", "day", "week", "month", "year"} {
		if it.has(part) {
			n, ok := plainTime(have, part)
			return ok && it.orders(n, want)
		}
	}
	switch {
	case it.has("lt"), it.has("lte"), it.has("gt"), it.has("gte"):
		n, err := strconv.ParseFloat(strings.TrimSpace(have), 64)
		return err == nil && plainNumber.MatchString(have) && it.orders(n, want)
	case it.has("cidr"):
		a, err := netip.ParseAddr(have)
		return err == nil && netip.MustParsePrefix(want).Contains(a.Unmap().WithZone(""))
	case it.has("re"):
		flags := ""
		for _, f := range []string{"i", "m", "s"} {
			if it.has(f) {
				flags += f
			}
		}
		if flags != "" {
			flags = "(?" + flags + ")"
		}
		for _, want := range it.expressions(want) {
			if !it.has("m") && strings.HasSuffix(want, "$") {
				want = strings.TrimSuffix(want, "$") + `(\n?\z)`
			}
			if regexp.MustCompile(flags + want).MatchString(have) {
				return true
			}
		}
		return false
	case it.has("fieldref"):
		for _, other := range e[want] {
			if o, ok := other.(string); ok && it.placed(plainFold(have, it.has("cased")), plainFold(o, it.has("cased"))) {
				return true
			}
		}
		return false
	}
	if n, ok := v.(int); ok && len(it.mods) == 0 && it.field != "" {
		f, err := strconv.ParseFloat(have, 64)
		return err == nil && plainJSON.MatchString(have) && f == float64(n)
	}
	for _, want := range it.spellings(want) {
		want = plainEnd(want)
		if it.has("contains") || it.field == "" && !it.has("startswith") && !it.has("endswith") {
			want = "*" + want + "*"
		}
		if it.has("startswith") {
			want += "*"
		}
		if it.has("endswith") {
			want = "*" + want
		}
		if plainGlob(plainFold(want, it.has("cased")), plainFold(have, it.has("cased"))) {
			return true
		}
	}
	return false
}

// plainEnd doubles a backslash at the very end, which is itself, so that a
// wildcard may follow it.
func plainEnd(s string) string {
	for i := 0; i < len(s); i++ {
		if s[i] != '\\' {
			continue
		}
		if i == len(s)-1 {
			return s + `\`
		}
		if strings.IndexByte(`*?\`, s[i+1]) >= 0 {
			i++
		}
	}
	return s
}

func (it plainItem) placed(have, other string) bool {
	switch {
	case it.has("contains"):
		return strings.Contains(have, other)
	case it.has("startswith"):
		return strings.HasPrefix(have, other)
	case it.has("endswith"):
		return strings.HasSuffix(have, other)
	}
	return have == other
}

// orders compares a number with a bound, as the modifier says, and with none for
// being the same.
func (it plainItem) orders(n float64, bound string) bool {
	b, _ := strconv.ParseFloat(bound, 64)
	switch {
	case it.has("lt"):
		return n < b
	case it.has("lte"):
		return n <= b
	case it.has("gt"):
		return n > b
	case it.has("gte"):
		return n >= b
	}
	return n == b
}

// plainPlaceholders are what %p% and %q% stand for.
var plainPlaceholders = map[string][]string{"p": {"a", "b*"}, "q": {"1", "k", "x"}}

// plainExpanded puts their values in the place of placeholders.
func plainExpanded(want string) []string {
	const escaped = "\x01"
	want = strings.ReplaceAll(want, `\%`, escaped)
	out := []string{want}
	for name, values := range plainPlaceholders {
		var next []string
		for _, s := range out {
			if !strings.Contains(s, "%"+name+"%") {
				next = append(next, s)
				continue
			}
			for _, v := range values { // each stands at most once in a value
				next = append(next, strings.Replace(s, "%"+name+"%", v, 1))
			}
		}
		out = next
	}
	for i := range out {
		out[i] = strings.ReplaceAll(out[i], escaped, "%")
	}
	return out
}

// expressions are want with the values of placeholders in their places. A backslash
// takes no meaning from what stands behind one that is taken itself.
func (it plainItem) expressions(want string) []string {
	if !it.has("expand") {
		return []string{want}
	}
	const backslash = "\x02"
	out := plainExpanded(strings.ReplaceAll(want, `\\`, backslash))
	for i := range out {
		out[i] = strings.ReplaceAll(out[i], backslash, `\\`)
	}
	return out
}

// spellings applies what rewrites a text.
func (it plainItem) spellings(want string) []string {
	out := []string{want}
	if it.has("windash") {
		out = plainDashes([]rune(want))
	}
	if it.has("expand") {
		out = plainExpanded(want)
	}
	for i, s := range out {
		switch units := utf16.Encode([]rune(s)); {
		case it.has("wide"), it.has("utf16le"):
			out[i] = plainUTF16(units, 0, 8)
		case it.has("utf16be"):
			out[i] = plainUTF16(units, 8, 0)
		case it.has("utf16"):
			out[i] = "\xff\xfe" + plainUTF16(units, 0, 8)
		}
	}
	var encoded []string
	for _, s := range out {
		switch {
		case it.has("base64"):
			encoded = append(encoded, base64.StdEncoding.EncodeToString([]byte(s)))
		case it.has("base64offset"):
			encoded = append(encoded, plainOffsets(s)...)
		default:
			encoded = append(encoded, s)
		}
	}
	return encoded
}

// plainUTF16 writes units with the byte at the bit first in front of that at second.
func plainUTF16(units []uint16, first, second int) (s string) {
	for _, u := range units {
		s += string([]byte{byte(u >> first), byte(u >> second)})
	}
	return s
}

// plainOffsets are what is the same in the base64 of any text that holds s, at
// each of three places.
func plainOffsets(s string) []string {
	n := len(s)
	enc := func(pad string) string { return base64.StdEncoding.EncodeToString([]byte(pad + s)) }
	e0, e1, e2 := enc(""), enc(" "), enc("  ")
	cut := [3]int{0, 3, 2}
	three := []string{e0[:len(e0)-cut[n%3]], e1[2 : len(e1)-cut[(n+1)%3]], e2[3 : len(e2)-cut[(n+2)%3]]}
	return slices.DeleteFunc(three, func(s string) bool { return s == "" }) // too short to leave a trace
}

// plainDashes are the spellings of a text under windash.
func plainDashes(s []rune) []string {
	for i, r := range s {
		begins := (i == 0 || !plainWord(s[i-1])) && i+1 < len(s) && plainWord(s[i+1])
		if !strings.ContainsRune("-/–—―", r) || !begins {
			continue
		}
		var out []string
		for _, rest := range plainDashes(s[i+1:]) {
			for _, d := range "-/–—―" {
				out = append(out, string(s[:i])+string(d)+rest)
			}
		}
		return out
	}
	return []string{string(s)}
}

func plainWord(r rune) bool { return r == '_' || unicode.IsLetter(r) || unicode.IsDigit(r) }

// plainFold makes all runes of one case orbit the same.
func plainFold(s string, cased bool) string {
	if cased {
		return s
	}
	var b strings.Builder
	for i := 0; i < len(s); {
		r, n := rune(s[i]), 1
		if r >= 0x80 {
			for _, x := range s[i:] { // the rune at i, decoded by the language
				r = x
				break
			}
			n = len(string(r))
			if r == unicode.ReplacementChar && !strings.HasPrefix(s[i:], "\uFFFD") {
				b.WriteByte(s[i])
				i++
				continue
			}
		}
		least := r
		for x := unicode.SimpleFold(r); x != r; x = unicode.SimpleFold(x) {
			least = min(least, x)
		}
		b.WriteRune(least)
		i += n
	}
	return b.String()
}

// plainGlob matches s whole, by trying.
func plainGlob(p, s string) bool {
	switch {
	case p == "":
		return s == ""
	case strings.HasPrefix(p, "**"):
		return plainGlob(p[1:], s)
	case p[0] == '*':
		for i := range s { // from character to character
			if plainGlob(p[1:], s[i:]) {
				return true
			}
		}
		return plainGlob(p[1:], "")
	case p[0] == '?':
		for i := range s {
			if i > 0 {
				return plainGlob(p[1:], s[i:])
			}
		}
		return s != "" && plainGlob(p[1:], "")
	case p[0] == '\\' && len(p) > 1 && strings.IndexByte(`*?\`, p[1]) >= 0:
		return s != "" && s[0] == p[1] && plainGlob(p[2:], s[1:])
	}
	return s != "" && s[0] == p[0] && plainGlob(p[1:], s[1:])
}

var (
	plainNumber = regexp.MustCompile(`^\s*[-+]?([0-9]+(\.[0-9]+)?|\.[0-9]+)([eE][-+]?[0-9]+)?\s*$`)
	plainJSON   = regexp.MustCompile(`^-?(0|[1-9][0-9]*)(\.[0-9]+([eE][-+]?[0-9]+)?|[eE][-+][0-9]+)?$`)
)

// plainTime is a part of a time as it is written.
func plainTime(have, part string) (float64, bool) {
	const form = "2006-01-02T15:04" // the one that events have here; what follows does not matter
	t, err := time.Parse(form, have[:min(len(have), len(form))])
	if err != nil {
		return 0, false
	}
	_, week := t.ISOWeek()
	n, ok := map[string]int{"minute": t.Minute(), "hour": t.Hour(), "day": t.Day(), "week": week, "month": int(t.Month()), "year": t.Year()}[part]
	return float64(n), ok
}
