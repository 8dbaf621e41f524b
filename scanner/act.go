package scanner

import (
	"crypto/sha256"
	"encoding/binary"
	"encoding/hex"
	"fmt"
	"slices"
	"strings"

	"tideline/scanner/actor"
	"tideline/scanner/baseline"
	"tideline/scanner/echo"
	"tideline/scanner/finding"
	"tideline/scanner/given"
	"tideline/scanner/item"
	"tideline/scanner/spill"
)

// An act is a hit, or a correlation that fired, on its way to being folded
// with its repetitions: acts of equal ID become one finding.
type act struct {
	ID      string        `json:"id"` // of the finding
	Hit     *finding.Hit  `json:"hit"`
	Related []string      `json:"related,omitempty"` // ids of the members, for a correlation
	Link    *finding.Link `json:"link,omitempty"`    // how a nameless act came to its actor
	Last    finding.Time  `json:"last"`              // of the last repetition, or member
	Count   int64         `json:"count"`             // repetitions, the first included
	From    []string      `json:"from,omitempty"`    // addresses of repetitions other than the hit's, the first ones
	With    []string      `json:"with,omitempty"`    // and clients
}

// maxOthers is how many addresses, and clients, of the repetitions of one act are kept.
const maxOthers = actor.MaxUsed

// A twin is what is known of all hits that repeat one: see finding.Hit.Like.
type twin struct {
	number  int    // from 1
	finding string // its id
	judged  bool   // it was asked what is new about it
}

// twins are known by the hit that is repeated. There are as many as there
// are templates of echoes.
type twins map[*finding.Hit]*twin

// of returns the twin of h, nil if it has none.
func (l twins) of(h *finding.Hit) *twin {
	if h.Like == nil {
		return nil
	}
	k := l[h.Like]
	if k == nil {
		k = &twin{number: len(l) + 1, finding: foldID(h, "")}
		l[h.Like] = k
	}
	return k
}

// judged reports whether one like h was asked before what is new about it, and
// notes that h was.
func (l twins) judged(h *finding.Hit) bool {
	k := l.of(h)
	if k == nil || h.Time.IsZero() {
		return false
	}
	was := k.judged
	k.judged = true
	return was
}

// id is the id of the finding that h is folded into.
func (k *twin) id(h *finding.Hit) string {
	if k == nil {
		return foldID(h, "")
	}
	return k.finding
}

// like is Input.Like of hits of that twin.
func (k *twin) like() int {
	if k == nil {
		return 0
	}
	return k.number
}

// foldID gives a hit the identity of its finding. It hashes what makes two hits
// one: rule, actor, target, outcome and, for a command, its arguments. The actor
// is who acted with which program from which network: a stolen identity that
// does what its owner does all day must not disappear among the owner's acts.
// What moved the score is part of it for the same reason: behind an act that is
// told as low for its circumstances must not stand one in others. The place in
// the evidence is no part of it, so a finding keeps its id from night to night.
func foldID(h *finding.Hit, more string) string {
	from := baseline.Network(h.Actor.Address())
	fields := [...]string{
		h.Rule, h.Actor.ID, h.Actor.Impersonated, h.Action, h.Target.Kind, h.Target.Namespace, h.Target.Name,
		h.Outcome, h.Host, h.Cluster, h.Container.ID, h.Command, from, baseline.Client(h.Actor.Agent), more,
	}
	if len(h.Adjust) == 0 {
		return hashed(fields[:]...)
	}
	return hashed(append(fields[:], fmt.Sprint(h.Adjust))...)
}

// hashed makes an id of what makes two findings one.
func hashed(fields ...string) string {
	sum := sha256.Sum256([]byte(strings.Join(fields, "\x00")))
	return hex.EncodeToString(sum[:8])
}

// eventRef names the event behind a hit, whichever rules matched it: the
// request, or else the place in the evidence. Correlations count events by it.
func eventRef(h *finding.Hit) int64 {
	var room [128]byte
	b := room[:0]
	if h.Request != "" {
		b = binary.BigEndian.AppendUint64(append(b, 'r'), echo.RequestHash(h.Request))
		b = binary.BigEndian.AppendUint64(b, uint64(h.Time.Unix()))
		b = binary.BigEndian.AppendUint32(b, uint32(h.Time.Nanosecond()))
		b = append(b, h.Actor.ID...)
	} else {
		b = binary.BigEndian.AppendUint64(append(b, 'p'), uint64(h.Source.Offset))
		b = append(b, h.Source.Path...)
	}
	sum := sha256.Sum256(b)
	return int64(binary.BigEndian.Uint64(sum[:8]))
}

func newActSorter() *spill.Sorter[act] {
	return &spill.Sorter[act]{
		Compare: compareActs,
		Code:    codeAct,
		Size:    actSize,
	}
}

func codeAct(c *spill.Coder, a *act) {
	c.Text(&a.ID)
	spill.Pointer(c, &a.Hit, a.Hit, item.CodeHit)
	c.List(&a.Related)
	spill.Pointer(c, &a.Link, nil, item.CodeLink)
	c.Time(&a.Last.Time)
	c.Int64(&a.Count)
	c.List(&a.From)
	c.List(&a.With)
}

// actSize estimates the bytes that an act takes in memory.
func actSize(a *act) int {
	return item.HitSize(a.Hit) + 96 + 32*len(a.Related) + item.TextsSize(a.From) + item.TextsSize(a.With)
}

// acts gathers acts until they are folded. An act that repeats one that is
// still in memory is only counted: a million repetitions take the room of one.
type acts struct {
	*spill.Sorter[act]
	held  map[string]*act // those of the sorter that are in memory
	twins []*act          // of those, by number of a twin, what its hits were counted for: one more changes nothing but the count
}

func newActs() *acts { return &acts{Sorter: newActSorter(), held: map[string]*act{}} }

// Add takes ownership of a. Acts come in event-time order, so of two that are
// one finding the earlier one is there already.
func (s *acts) Add(a *act) error {
	if first := s.held[a.ID]; first != nil && first.Hit.Compare(a.Hit) <= 0 {
		if a.Count > 0 {
			first.repeat(a)
		}
		return nil
	}
	if err := s.Sorter.Add(a); err != nil {
		return err
	}
	if s.Held() == 0 { // they went to disk
		clear(s.held)
		clear(s.twins)
	} else {
		s.held[a.ID] = a
	}
	return nil
}

// again counts h as a repetition of the act of a finding, if that is held; it is
// not kept then. k is the twin of h, if it has one and the finding is that of all
// like it.
func (s *acts) again(id string, h *finding.Hit, k *twin) bool {
	if k != nil && k.number < len(s.twins) {
		if a := s.twins[k.number]; a != nil && a.Hit.Time.Before(h.Time.Time) {
			a.Count++
			a.Last.Time = finding.Later(a.Last.Time, h.Time.Time)
			return true
		}
	}
	first := s.held[id]
	if first == nil || first.Hit.Compare(h) > 0 {
		return false
	}
	first.repeat(&act{Hit: h, Last: h.Time, Count: 1})
	if k != nil {
		for len(s.twins) <= k.number {
			s.twins = append(s.twins, nil)
		}
		s.twins[k.number] = first
	}
	return true
}

// repeat counts o, which comes later, as repetitions of a.
func (a *act) repeat(o *act) {
	a.Count += o.Count
	a.Last.Time = finding.Later(a.Last.Time, o.Last.Time)
	a.join(o)
	next := o.Hit
	if more := beyond(a.Hit.Exposed, next.Exposed); len(more) > 0 {
		h := *a.Hit // the hit is the partial's
		h.Exposed = append(append([]finding.Exposed{}, h.Exposed...), more...)
		a.Hit = &h
	}
}

// join notes from where and with which clients the repetitions in o were made.
// Repetitions come from one network with one program, and yet an address may be the
// only trace of a second host.
func (a *act) join(o *act) {
	by, own := &o.Hit.Actor, &a.Hit.Actor
	a.From = withOther(a.From, by.Address(), own.Address())
	a.With = withOther(a.With, by.Agent, own.Agent)
	for _, at := range o.From {
		a.From = withOther(a.From, at, own.Address())
	}
	for _, client := range o.With {
		a.With = withOther(a.With, client, own.Agent)
	}
}

// withOther adds s to list, unless it is the own one.
func withOther(list []string, s, own string) []string {
	if s == own || s == "" || len(list) >= maxOthers || slices.Contains(list, s) {
		return list
	}
	return append(list, s)
}

// beyond are the exposures of a repetition that the first occurrence did not
// have: the same list may bring other secrets on another day.
func beyond(have, more []finding.Exposed) []finding.Exposed {
	if slices.Equal(have, more) || len(have) >= given.MaxReturned {
		return nil
	}
	known := map[finding.Exposed]bool{}
	for _, e := range have {
		known[e] = true
	}
	var out []finding.Exposed
	for _, e := range more {
		if !known[e] && len(have)+len(out) < given.MaxReturned {
			known[e] = true
			out = append(out, e)
		}
	}
	return out
}
