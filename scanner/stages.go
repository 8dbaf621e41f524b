package scanner

import (
	"time"

	"tideline/scanner/finding"
)

// A stageJoiner makes one hit of the hits that one rule had on the stages of
// one request, and of copies of the same event in two exports. Hits come in
// event-time order and the stages of a request bear the time it was received,
// so only hits of one instant need to be held.
type stageJoiner struct {
	emit  func(*finding.Hit) error
	now   time.Time
	byKey map[stageKey]*finding.Hit
	held  []*finding.Hit // in order of first appearance
}

type stageKey struct {
	rule, actor string
	request     uint64
}

func (j *stageJoiner) add(h *finding.Hit) error {
	if !h.Time.Equal(j.now) || len(j.held) == 0 {
		if err := j.flush(); err != nil {
			return err
		}
		j.now = h.Time.Time
	}
	if h.Request == "" {
		j.held = append(j.held, h)
		return nil
	}
	key := stageKey{h.Rule, h.Actor.ID, requestHash(h.Request)}
	if have := j.byKey[key]; have != nil {
		join(have, h)
		return nil
	}
	if j.byKey == nil {
		j.byKey = map[stageKey]*finding.Hit{}
	}
	first := *h // join changes it, and h is the partial's
	j.byKey[key] = &first
	j.held = append(j.held, &first)
	return nil
}

// join takes over what the later stage knows: the place in the evidence stays
// that of the stage that says most.
func join(have, next *finding.Hit) {
	if stageRank(next) > stageRank(have) {
		name := have.Target.Name
		*have = *next
		have.Target.Name = orElse(have.Target.Name, name)
		return
	}
	have.Target.Name = orElse(have.Target.Name, next.Target.Name)
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

func (j *stageJoiner) flush() error {
	for _, h := range j.held {
		if err := j.emit(h); err != nil {
			return err
		}
	}
	j.held = j.held[:0]
	clear(j.byKey)
	return nil
}
