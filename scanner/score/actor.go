package score

import (
	"cmp"
	"fmt"
	"math"
	"slices"
	"strings"

	"tideline/scanner/finding"
)

const (
	// zeta normalises the sum of findings to 100. It is about the sum of
	// 1/i^1.5 over all i, as Elastic's entity risk scoring has it.
	zeta = 2.5924
	// maxRisks bounds the findings whose weight is kept; the next one would
	// weigh less than a thousandth.
	maxRisks = 128
)

// An Account sums up what one actor did. The order of Add does not matter.
type Account struct {
	risks     []risk
	tactics   map[string]bool
	formats   map[string]bool
	critical  int // correlations of level critical
	strongest int
}

type risk struct {
	points int
	id     string // of the finding: decides between equals
	title  string
	family string
}

// Add counts a finding. family joins rules that speak of the same act; "" is a
// family of its own. exposure marks findings that describe an exposed
// credential rather than an act: they add nothing.
func (a *Account) Add(f *finding.Finding, family string, exposure bool) {
	if a.tactics == nil {
		a.tactics, a.formats = map[string]bool{}, map[string]bool{}
	}
	if exposure {
		return
	}
	if family == "" {
		family = f.Rule.ID
	}
	family += "\x00" + f.Target.Namespace + "\x00" + f.Target.Name
	a.risks = append(a.risks, risk{f.Score, f.ID, f.Rule.Title, family})
	if len(a.risks) >= 2*maxRisks {
		a.trim()
	}
	a.strongest = max(a.strongest, f.Score)
	if finding.LevelRank(f.Rule.Level) >= finding.LevelRank("medium") && f.Outcome != "denied" {
		for _, t := range f.Attack {
			if tactic := tactic(t); tactic != "" {
				a.tactics[tactic] = true
			}
		}
		if f.Source.Format != "" {
			a.formats[f.Source.Format] = true
		}
	}
	if len(f.Related) > 0 && f.Rule.Level == "critical" {
		a.critical++
	}
}

// trim keeps the strongest findings. Within a family the order is by strength
// too, so what is cut could only have counted less.
func (a *Account) trim() {
	slices.SortFunc(a.risks, func(x, y risk) int { return cmp.Or(cmp.Compare(y.points, x.points), strings.Compare(x.id, y.id)) })
	if len(a.risks) > maxRisks {
		a.risks = a.risks[:maxRisks]
	}
}

// Result is the score of the actor, and the reasons that add up to it.
func (a *Account) Result() (int, []finding.Reason) {
	a.trim()
	s := sheet{}
	for _, part := range a.parts() {
		s.add(part.Points, part.Why)
	}
	if extra := len(a.tactics) - 2; extra > 0 {
		s.add(min(15, 5*extra), fmt.Sprintf("%d ATT&CK tactics", len(a.tactics)))
	}
	if a.critical > 0 {
		s.add(min(20, 10*a.critical), fmt.Sprintf("%d critical correlations", a.critical))
	}
	if extra := len(a.formats) - 1; extra > 0 {
		s.add(min(10, 5*extra), fmt.Sprintf("%d kinds of log agree", len(a.formats)))
	}
	switch {
	case a.critical > 0 && s.total < 75:
		s.add(75-s.total, "a critical correlation weighs at least 75")
	case a.strongest >= 75 && s.total < 60:
		s.add(60-s.total, fmt.Sprintf("a single finding of %d weighs at least 60", a.strongest))
	case a.strongest >= 60 && s.total < 35:
		s.add(35-s.total, fmt.Sprintf("a single finding of %d weighs at least 35", a.strongest))
	}
	s.clamp()
	return s.total, s.reasons
}

// parts shares the weighted sum of the findings out over their rules, in whole
// points, strongest rule first.
func (a *Account) parts() []finding.Reason {
	weight, count := map[string]float64{}, map[string]int{}
	family := map[string]bool{}
	var titles []string
	for i, r := range a.risks {
		w := float64(r.points) / math.Pow(float64(i+1), 1.5) / zeta
		if family[r.family] {
			w /= 2
		}
		family[r.family] = true
		if count[r.title] == 0 {
			titles = append(titles, r.title)
		}
		count[r.title]++
		weight[r.title] += w
	}
	return share(titles, weight, count)
}

// share rounds the weights so that the points add up to the rounded sum.
func share(titles []string, weight map[string]float64, count map[string]int) []finding.Reason {
	var out []finding.Reason
	cumulative, given := 0.0, 0
	for _, t := range titles {
		cumulative += weight[t]
		why := t
		if count[t] > 1 {
			why = fmt.Sprintf("%s (%d findings)", t, count[t])
		}
		upTo := int(math.Round(cumulative))
		out = append(out, finding.Reason{Points: upTo - given, Why: why})
		given = upTo
	}
	return out
}
