package scanner

import (
	"crypto/sha256"
	"encoding/binary"
	"encoding/hex"
	"strings"

	"tideline/scanner/finding"
)

// An act is a hit, or a correlation that fired, on its way to being folded
// with its repetitions: acts of equal ID become one finding.
type act struct {
	ID      string        `json:"id"` // of the finding
	Hit     *finding.Hit  `json:"hit"`
	Related []string      `json:"related,omitempty"` // ids of the members, for a correlation
	Link    *finding.Link `json:"link,omitempty"`    // how a nameless act came to its actor
}

// newAct gives a hit its identity: rule, actor, target, outcome and, for a
// command, its arguments (DESIGN, settled questions). The place in the
// evidence is no part of it, so a finding keeps its id from night to night.
func newAct(h *finding.Hit) *act {
	return &act{Hit: h, ID: foldID(h, "")}
}

// foldID hashes what makes two hits one finding.
func foldID(h *finding.Hit, more string) string {
	fields := [...]string{
		h.Rule, h.Actor.ID, h.Actor.Impersonated, h.Action, h.Target.Kind, h.Target.Namespace, h.Target.Name,
		h.Outcome, h.Host, h.Cluster, h.Container.ID, h.Command, more,
	}
	sum := sha256.Sum256([]byte(strings.Join(fields[:], "\x00")))
	return hex.EncodeToString(sum[:8])
}

// ref is the id as a number: how correlations name their members.
func (a *act) ref() int64 {
	raw, err := hex.DecodeString(a.ID)
	if err != nil {
		panic("scanner: id of an act is not hexadecimal: " + a.ID)
	}
	return int64(binary.BigEndian.Uint64(raw))
}

// refID is the inverse of ref.
func refID(ref int64) string {
	var b [8]byte
	binary.BigEndian.PutUint64(b[:], uint64(ref))
	return hex.EncodeToString(b[:])
}

func newActSorter() *sorter[act] {
	return &sorter[act]{
		compare: func(a, b *act) int {
			if c := strings.Compare(a.ID, b.ID); c != 0 {
				return c
			}
			return a.Hit.Compare(b.Hit)
		},
		size: func(a *act) int { return hitSize(a.Hit) + 64 + 32*len(a.Related) },
	}
}
