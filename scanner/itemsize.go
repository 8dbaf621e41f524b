package scanner

import (
	"tideline/scanner/finding"
	"tideline/scanner/text"
)

// What items take in memory is estimated before they are put on disk: a constant for
// an ordinary one, and the texts that who writes a log can make as long as they like.

// hitSize estimates the bytes that a hit takes in memory.
func hitSize(h *finding.Hit) int {
	n := 1024 + len(h.Raw) + len(h.RawBase64) + len(h.Summary) + len(h.Command)
	n += actorSize(&h.Actor) + targetSize(&h.Target) + exposedSize(h.Exposed) + matchedSize(h.Matched)
	for k, v := range h.Fields {
		n += 64 + len(k) + textsSize(v)
	}
	return n
}

// commonSize estimates what texts a correlation says of h take: see member.common.
func commonSize(h *finding.Hit) int {
	n := actorSize(&h.Actor) + targetSize(&h.Target)
	for _, v := range h.Fields {
		n += textsSize(v)
	}
	return n
}

// stagedSize is the same whether h came with its record or, as a repetition, without:
// as if it had it.
func stagedSize(h *finding.Hit) int {
	bare := finding.Hit{Summary: h.Summary, Command: h.Command, Actor: h.Actor, Target: h.Target, Exposed: h.Exposed, Fields: h.Fields}
	return hitSize(&bare) + int(min(h.Source.Length*int64(max(h.Records, 1)), text.MaxRaw))
}

// findingSize is the same for a finding.
func findingSize(f *finding.Finding) int {
	n := 2048 + len(f.Raw) + len(f.RawBase64) + len(f.Summary) + len(f.Command) + textsSize(f.Related)
	return n + actorSize(&f.Actor) + targetSize(&f.Target) + exposedSize(f.Exposed) + matchedSize(f.Matched)
}

// creditSize is the same for a credit, whose finding has less.
func creditSize(x *credit) int {
	return findingSize(&x.Finding) - 768 + 96*len(x.Links) + textsSize(x.From) + textsSize(x.With) + len(x.Labels)
}

// actSize is the same for an act.
func actSize(a *act) int {
	return hitSize(a.Hit) + 96 + 32*len(a.Related) + textsSize(a.From) + textsSize(a.With)
}

// actorSize counts each name once: in most of its places it is the same text.
func actorSize(a *finding.ActorRef) int {
	return len(a.Name) + len(a.Impersonated) + len(a.Session) + len(a.Agent) + textsSize(a.Groups) + textsSize(a.Addresses)
}

func targetSize(t *finding.Target) int { return len(t.Kind) + len(t.Namespace) + len(t.Name) }

func exposedSize(list []finding.Exposed) (n int) {
	for i := range list {
		n += 64 + len(list[i].Namespace) + len(list[i].Name)
	}
	return n
}

func matchedSize(list []finding.Match) (n int) {
	for _, m := range list {
		n += 48 + len(m.Field) + len(m.Value) + len(m.Pattern)
	}
	return n
}

// textsSize is the size of a list of texts.
func textsSize(list []string) (n int) {
	for _, s := range list {
		n += 16 + len(s)
	}
	return n
}
