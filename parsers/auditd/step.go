package auditd

// A step is the records of one or more routines up to one of theirs: routines that
// begin alike share steps. An event goes from step to step as its records come, so
// that at its end its routine is known, and before that, what is likely to come.
type step struct {
	stencil *stencil
	before  *step
	kids    []*step  // what came behind it, the most frequent first
	loose   []*step  // kids of loose stencils
	routine *routine // that ends here; nil if none does
}

// Limits of the steps of one decoder. Beyond maxSteps all are forgotten, and learned
// anew.
const (
	maxSteps = 4096
	maxKids  = 64
)

// kid is the step behind s that t makes; nil if no routine has it.
func (s *step) kid(t *stencil) *step {
	if s.stencil == nil { // before the first record
		if t.begins != nil && t.begins.before == s {
			return t.begins
		}
		return nil
	}
	kids := *s.those(t)
	for i, k := range kids {
		if k.stencil != t {
			continue
		}
		if i > 0 {
			kids[i], kids[i-1] = kids[i-1], k
		}
		return k
	}
	return nil
}

// those are the kids among which one of t belongs.
func (s *step) those(t *stencil) *[]*step {
	if t.loose {
		return &s.loose
	}
	return &s.kids
}

// path is the last step of a routine of those records, made if need be; nil if there
// is no room for it.
func (s *stencils) path(records []*stencil) *step {
	if s.steps > maxSteps-maxGathered {
		s.root, s.steps = new(step), 0
	}
	at := s.root
	for _, t := range records {
		k := at.kid(t)
		if k == nil {
			kids := at.those(t)
			if len(*kids) == maxKids {
				return nil
			}
			k = &step{stencil: t, before: at}
			s.steps++
			if at == s.root {
				t.begins = k
			} else {
				*kids = append(*kids, k)
			}
		}
		at = k
	}
	return at
}
