package ruleset

import (
	"strings"

	"tideline/parsers"
	"tideline/scanner/sigma"
)

// Views are, per kind of view of a format, the rules that apply to it. They
// are compiled when the first event of the format is met, for all goroutines, and
// kept until ForgetViews.
func (rs *Ruleset) Views(f *parsers.Format) []*sigma.Matcher {
	rs.viewing.Lock()
	defer rs.viewing.Unlock()
	if out := rs.viewed[f]; out != nil {
		return out
	}
	out := rs.compileViews(f)
	if rs.viewed == nil {
		rs.viewed = map[*parsers.Format][]*sigma.Matcher{}
	}
	rs.viewed[f] = out
	return out
}

// ForgetViews gives up what Views has made: they take megabytes, and are not needed
// where findings are drawn from hits.
func (rs *Ruleset) ForgetViews() {
	rs.viewing.Lock()
	defer rs.viewing.Unlock()
	rs.viewed = nil
}

func (rs *Ruleset) compileViews(f *parsers.Format) []*sigma.Matcher {
	out := make([]*sigma.Matcher, len(f.Kinds))
	for i, k := range f.Kinds {
		sources := make([]sigma.LogSource, len(k.Sources))
		for j, s := range k.Sources {
			sources[j] = sigma.LogSource(s)
		}
		out[i] = rs.Set.Matcher(sources...)
	}
	return out
}

// Asked are the details that decide whether some rule can fire on events of f:
// one of rs, or one of another day that asks for a field which f is known to have.
// Other details say nothing of coverage, and there may be any number of them.
func (rs *Ruleset) Asked(f *parsers.Format) map[string]bool {
	out := map[string]bool{}
	if f.Needs == nil {
		return out
	}
	fields := append([]string{""}, rs.Set.Fields()...)
	for _, m := range f.Mapping {
		fields = append(fields, strings.Fields(m.Field)...)
	}
	for kind := range f.Kinds {
		for _, field := range fields {
			for _, d := range f.Needs(kind, field) {
				out[d] = true
			}
		}
	}
	return out
}
