package finding

import (
	"cmp"

	"tideline/parsers"
)

// A Hit is a rule that matched an event, with everything that conclude needs
// to know of it: collect and conclude may run on different machines, so a Hit
// refers to nothing but itself. Hits have a total order: see Compare.
type Hit struct {
	Rule      string              `json:"rule"` // Rule.ID
	Time      Time                `json:"time"`
	Request   string              `json:"request,omitempty"` // of which the event is a stage; "" if events are whole
	Stage     string              `json:"stage,omitempty"`
	Actor     ActorRef            `json:"actor"`
	Action    string              `json:"action,omitempty"`
	Target    Target              `json:"target"`
	Outcome   string              `json:"outcome"`
	Host      string              `json:"host,omitempty"`
	Cluster   string              `json:"cluster,omitempty"`
	Container Container           `json:"container"`
	Command   string              `json:"command,omitempty"`
	Summary   string              `json:"summary"`
	Exposed   []Exposed           `json:"exposed,omitempty"`
	Adjust    []int               `json:"adjust,omitempty"` // score adjustments of the rule whose condition held
	Matched   []Match             `json:"matched,omitempty"`
	Fields    map[string][]string `json:"fields,omitempty"` // what correlations ask for
	Source    Source              `json:"source"`
	Records   int                 `json:"records"`
	Raw       string              `json:"raw,omitempty"`
	RawBase64 string              `json:"raw_base64,omitempty"`
	RawCut    bool                `json:"raw_cut,omitempty"`

	// Like is a hit that this one repeats: equal but for Time, Request, Stage,
	// the place in Source and the evidence. It spares conclude to work out again
	// what it knows of the other. Optional; who changes a Hit makes it nil.
	Like *Hit `json:"-"`

	// Quote is where the evidence is, if the hit comes without it: see WithEvidence.
	Quote Quote `json:"-"`
}

// NotDone reports whether an outcome is that of an act that was refused or that failed.
func NotDone(outcome string) bool {
	return outcome == parsers.Denied.String() || outcome == parsers.Failed.String()
}

// A Quote is evidence that is kept outside of its Hit.
type Quote struct {
	In Quotes // nil: there is none
	At int64
}

// Quotes keep evidence.
type Quotes interface {
	// Recall sets Raw, RawBase64, RawCut and Matched of h to those that were kept
	// at that place.
	Recall(at int64, h *Hit) error
}

// WithEvidence brings the evidence of h back, if that was kept outside of it.
func (h *Hit) WithEvidence() error {
	if h.Quote.In == nil {
		return nil
	}
	q := h.Quote
	h.Quote = Quote{}
	return q.In.Recall(q.At, h)
}

// Compare orders hits by event time, then place in the evidence, then rule, so
// that the order does not depend on who found them first.
func (h *Hit) Compare(o *Hit) int {
	switch {
	case !h.Time.Equal(o.Time.Time):
		return h.Time.Compare(o.Time.Time)
	case h.Source.Path != o.Source.Path:
		return cmp.Compare(h.Source.Path, o.Source.Path)
	case h.Source.Offset != o.Source.Offset:
		return cmp.Compare(h.Source.Offset, o.Source.Offset)
	}
	return cmp.Compare(h.Rule, o.Rule)
}
