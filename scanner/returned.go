package scanner

import (
	"tideline/parsers"
	"tideline/scanner/finding"
)

// expose says what a hit gave away. A request that was refused gave nothing.
func expose(e *Expose, outcome string, look func(string) []string) finding.Exposed {
	out := finding.Exposed{Kind: e.Kind, Namespace: e.Namespace.value(look), Name: e.Name.value(look)}
	if out.Name == "" {
		out.Name = "*"
	}
	out.Certainty = certainty(e.Certainty, outcome)
	return out
}

// Fields that name what a response brought, where bodies were logged. Their
// values are not looked at: a report says which secrets were returned, never
// what was in them.
const (
	fieldItemName      = "responseObject.items.metadata.name"
	fieldItemNamespace = "responseObject.items.metadata.namespace"
)

// maxReturned bounds the names taken from one response.
const maxReturned = 2000

// returned names the secrets of a response to a request for all of them. It
// obtained exactly those.
func returned(exposed []finding.Exposed, look func(string) []string) []finding.Exposed {
	var out []finding.Exposed
	for _, e := range exposed {
		if e.Kind != "secret" || e.Name != "*" || e.Certainty != finding.Obtained {
			continue
		}
		names, namespaces := look(fieldItemName), look(fieldItemNamespace)
		for i, name := range names[:min(len(names), maxReturned)] {
			item := finding.Exposed{Kind: e.Kind, Namespace: e.Namespace, Name: name, Certainty: finding.Obtained}
			if len(namespaces) == len(names) {
				item.Namespace = namespaces[i]
			}
			if name != "" {
				out = append(out, item)
			}
		}
	}
	return out
}

// certainty is what an outcome allows to claim, at most limit.
func certainty(limit, outcome string) string {
	switch parsers.ParseOutcome(outcome) {
	case parsers.Denied, parsers.Failed:
		return finding.Attempted
	case parsers.Unknown:
		return finding.Possible
	}
	return orElse(limit, finding.Obtained)
}
