package scanner

import (
	"cmp"
	"time"

	"tideline/scanner/echo"
	"tideline/scanner/finding"
	"tideline/scanner/item"
)

// A stageJoiner makes one hit of the hits that one rule had on the stages of
// one request, and of copies of the same event in two exports. Hits come in
// event-time order and the stages of a request bear the time it was received,
// so only hits of one instant need to be held.
type stageJoiner struct {
	emit  func(*finding.Hit) error
	shade func(*finding.Hit) error // Optional: takes a hit in whose place one of another finding is told
	turn  func(rule string) int    // Optional: see sortInstant
	now   time.Time
	held  []stagedHit      // in order of first appearance
	bytes int              // that they take, estimated, once there are fewStaged
	byKey map[stageKey]int // index into held, once there are more than fewStaged
}

// A stagedHit is one whose instant is not over.
type stagedHit struct {
	hit *finding.Hit
	key stageKey     // of a request
	was *finding.Hit // what came in first and is the partial's, if hit is a copy of it
}

// fewStaged is how many hits of one instant are looked through one by one. Most
// instants have one or two, somebody who writes logs to annoy makes millions.
const fewStaged = 8

type stageKey struct {
	rule, actor string
	request     uint64
}

// maxStaged bounds the hits of one instant that are held, and maxStagedBytes what
// they take. A log in which more bear one time has no times; its hits are then in
// the order of their places.
const (
	maxStaged      = 1 << 12
	maxStagedBytes = 16 << 20
)

// add takes the next hit, and lets go of those of the instant before.
func (j *stageJoiner) add(h *finding.Hit) error {
	if len(j.held) > 0 && !h.Time.Equal(j.now) || len(j.held) >= maxStaged || j.bytes >= maxStagedBytes {
		if err := j.flush(); err != nil {
			return err
		}
	}
	j.now = h.Time.Time
	j.weigh(h)
	if h.Request == "" {
		j.held = append(j.held, stagedHit{hit: h})
		return nil
	}
	key := stageKey{h.Rule, h.Actor.ID, echo.RequestHash(h.Request)}
	if have := j.find(key); have != nil {
		have.join(h)
		return j.shadeIf(h, have.hit)
	}
	j.held = append(j.held, stagedHit{hit: h, key: key})
	if j.byKey != nil {
		j.byKey[key] = len(j.held) - 1
	}
	return nil
}

// shadeIf gives h to shade, if it led echoes and told is of another finding.
func (j *stageJoiner) shadeIf(h, told *finding.Hit) error {
	if j.shade == nil || h.Like != nil || echo.Provisional(h) || foldID(h, "") == foldID(told, "") {
		return nil
	}
	return j.shade(h)
}

// weigh counts what h takes, once it is worth while to.
func (j *stageJoiner) weigh(h *finding.Hit) {
	if len(j.held) < fewStaged {
		return
	}
	if j.bytes == 0 {
		for i := range j.held {
			j.bytes += item.StagedSize(j.held[i].hit)
		}
	}
	j.bytes += item.StagedSize(h)
}

// find returns the hit that was held for key, or nil.
func (j *stageJoiner) find(key stageKey) *stagedHit {
	if len(j.held) <= fewStaged {
		for i := range j.held {
			if j.held[i].key == key {
				return &j.held[i]
			}
		}
		return nil
	}
	if j.byKey == nil {
		j.byKey = map[stageKey]int{}
		for i := range j.held {
			j.byKey[j.held[i].key] = i
		}
	}
	if i, ok := j.byKey[key]; ok {
		return &j.held[i]
	}
	return nil
}

// join joins a later stage, on a copy: the hit is the partial's.
func (s *stagedHit) join(next *finding.Hit) {
	if s.was == nil {
		copied := *s.hit
		copied.Like = nil
		s.hit, s.was = &copied, s.hit
	}
	join(s.hit, next)
}

// join takes over what the later stage knows: the place in the evidence stays
// that of the stage that says most.
func join(have, next *finding.Hit) {
	if stageRank(next) > stageRank(have) {
		name := have.Target.Name
		*have = *next
		have.Like = nil
		have.Target.Name = cmp.Or(have.Target.Name, name)
		return
	}
	have.Target.Name = cmp.Or(have.Target.Name, next.Target.Name)
}

// stageRank orders stages by how much they tell of the outcome.
func stageRank(h *finding.Hit) int {
	switch h.Stage {
	case "ResponseComplete":
		return 3
	case "Panic":
		return 4
	case "ResponseStarted":
		return 2
	}
	return 1
}

// flush emits the hits of the instant in hand.
func (j *stageJoiner) flush() error {
	if j.turn != nil {
		sortInstant(j.held, j.turn)
	}
	for i := range j.held {
		s := &j.held[i]
		if s.was != nil {
			if err := j.shadeIf(s.was, s.hit); err != nil {
				return err
			}
		}
		if err := j.emit(s.hit); err != nil {
			return err
		}
	}
	clear(j.held)
	j.held, j.byKey, j.bytes = j.held[:0], nil, 0
	return nil
}

// What two sources tell of one request is one act, and the finding that it belongs to is
// that of the copy which comes first. The other copy may be of another finding: an
// export names the cluster, the log on the node does not. And a damaged record may become
// one of another finding by what an earlier stage tells. If such a hit led those that
// repeat it, of which only the places are kept (package echo), none of them has evidence to
// be quoted. So it is kept as an act that is not counted: a finding may begin with one
// and quote it, and one of nothing else is none.

// shade keeps a hit in whose place another is told, for those that repeat it.
func (c *concluder) shade(h *finding.Hit) error {
	rule, ok := c.rules.Rule(h.Rule)
	if !ok || c.rules.Silent(rule) || len(c.rules.Block(rule).FirstSeen) > 0 || c.quiet(c.rules.Level(rule, h)) {
		return nil
	}
	if err := h.WithEvidence(); err != nil {
		return err
	}
	return c.acts.Add(&act{Hit: h, ID: foldID(h, ""), Last: h.Time})
}
