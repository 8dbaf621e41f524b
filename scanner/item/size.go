package item

import (
	"tideline/scanner/finding"
	"tideline/scanner/text"
)

// HitSize estimates the bytes that a hit takes in memory.
func HitSize(h *finding.Hit) int {
	n := 1024 + len(h.Raw) + len(h.RawBase64) + len(h.Summary) + len(h.Command)
	n += actorSize(&h.Actor) + targetSize(&h.Target) + exposedSize(h.Exposed) + matchedSize(h.Matched)
	for k, v := range h.Fields {
		n += 64 + len(k) + TextsSize(v)
	}
	return n
}

// CommonSize estimates the bytes of the texts that a correlation says of a member, h.
func CommonSize(h *finding.Hit) int {
	n := actorSize(&h.Actor) + targetSize(&h.Target)
	for _, v := range h.Fields {
		n += TextsSize(v)
	}
	return n
}

// StagedSize is HitSize, but the same whether h came with its record or, as a repetition,
// without: as if it had it.
func StagedSize(h *finding.Hit) int {
	bare := finding.Hit{Summary: h.Summary, Command: h.Command, Actor: h.Actor, Target: h.Target, Exposed: h.Exposed, Fields: h.Fields}
	return HitSize(&bare) + int(min(h.Source.Length*int64(max(h.Records, 1)), text.MaxRaw))
}

// FindingSize estimates the bytes that a finding takes in memory.
func FindingSize(f *finding.Finding) int {
	n := 2048 + len(f.Raw) + len(f.RawBase64) + len(f.Summary) + len(f.Command) + TextsSize(f.Related)
	return n + actorSize(&f.Actor) + targetSize(&f.Target) + exposedSize(f.Exposed) + matchedSize(f.Matched)
}

// actorSize counts each name once: in most of its places it is the same text.
func actorSize(a *finding.ActorRef) int {
	return len(a.Name) + len(a.Impersonated) + len(a.Session) + len(a.Agent) + TextsSize(a.Groups) + TextsSize(a.Addresses)
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

// TextsSize is the size of a list of texts, in bytes.
func TextsSize(list []string) (n int) {
	for _, s := range list {
		n += 16 + len(s)
	}
	return n
}
