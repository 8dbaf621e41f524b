package given

import (
	"cmp"
	"slices"

	"tideline/parsers"
	"tideline/scanner/block"
	"tideline/scanner/finding"
	"tideline/scanner/sigma"
	"tideline/scanner/text"
)

// maxGiven bounds the values of a field that are tried for being what a hit gave
// away, and so the credentials that it names.
const maxGiven = 256

// Of is what rule, of set, says in e that a hit on v with an outcome gave away; look
// resolves the names of its templates. Where the name is a field that
// has several values, the arguments of a command or the paths of a call, it is
// each of those for which alone the rule would match.
func Of(e *block.Expose, set *sigma.Set, rule int, v *parsers.View, outcome string, look func(string) []string) []finding.Exposed {
	one := expose(e, outcome, look)
	at, ok := set.FieldIndex(e.Name.Field())
	if !ok || block.IsWord(e.Name.Field()) {
		return []finding.Exposed{one}
	}
	var room [8][]byte
	values := v.Fields.Values(room[:0], at)
	if len(values) < 2 {
		return []finding.Exposed{one}
	}
	var out []finding.Exposed
	for _, value := range values[:min(len(values), maxGiven)] {
		if e := one; set.Holds(rule, oneValue{v.Fields, at, value}) {
			if e.Name = text.Clean(value); e.Name != "" && !slices.Contains(out, e) {
				out = append(out, e)
			}
		}
	}
	if out == nil {
		return []finding.Exposed{one}
	}
	return out
}

// oneValue is an event of which a field has but one of its values.
type oneValue struct {
	parsers.Fields
	field int
	value []byte
}

// Values implements parsers.Fields.
func (o oneValue) Values(dst [][]byte, field int) [][]byte {
	if field == o.field {
		return append(dst, o.value)
	}
	return o.Fields.Values(dst, field)
}

// expose says what a hit gave away. A request that was refused gave nothing.
func expose(e *block.Expose, outcome string, look func(string) []string) finding.Exposed {
	out := finding.Exposed{Kind: e.Kind, Namespace: e.Namespace.Value(look), Name: e.Name.Value(look)}
	if out.Name == "" {
		out.Name = "*"
	}
	out.Certainty = Certainty(e.Certainty, outcome)
	return out
}

// Certainty is what an outcome allows to claim, at most limit.
func Certainty(limit, outcome string) string {
	switch parsers.ParseOutcome(outcome) {
	case parsers.Denied, parsers.Failed:
		return finding.Attempted
	case parsers.Unknown:
		return finding.Possible
	}
	return cmp.Or(limit, finding.Obtained)
}
