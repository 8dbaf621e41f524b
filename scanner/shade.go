package scanner

import "tideline/scanner/finding"

// What two sources tell of one request is one act, and the finding that it belongs to is
// that of the copy which comes first. The other copy may be of another finding: an
// export names the cluster, the log on the node does not. And a damaged record may become
// one of another finding by what an earlier stage tells. If such a hit led those that
// repeat it, of which only the places are kept (see echoes), none of them has evidence to
// be quoted. So it is kept as an act that is not counted: a finding may begin with one
// and quote it, and one of nothing else is none.

// shade keeps a hit in whose place another is told, for those that repeat it.
func (c *concluder) shade(h *finding.Hit) error {
	rule, ok := c.byKey[h.Rule]
	if !ok || c.rules.silent[rule] || len(c.rules.Block(rule).FirstSeen) > 0 || c.quiet(c.level(rule, h)) {
		return nil
	}
	if err := h.WithEvidence(); err != nil {
		return err
	}
	return c.acts.Add(&act{Hit: h, ID: foldID(h, ""), Last: h.Time})
}
