package ledger

import (
	"fmt"
	"slices"

	"tideline/scanner/finding"
)

// NoteCopies says of sources with the same bytes as one before them that they are. A
// log that was collected twice, or lies beside its copy, is read twice: which of the
// two is the log is not in it, and two machines may write the same. Events that have an
// id of their own, as requests to Kubernetes have, count once all the same. The ledger
// is in order of path. It is changed, but what its entries share with others is not. One
// that is too long to be held says nothing of copies.
func NoteCopies(ledger []finding.Entry, strict bool) {
	first := map[string]string{} // paths, by what was read of them
	for i := range ledger {
		e := &ledger[i]
		if e.Events == 0 || e.SHA256 == "" {
			continue
		}
		path, copied := first[e.SHA256]
		if !copied {
			first[e.SHA256] = e.Path
			continue
		}
		note := finding.Remark{Code: "fs.copy", Gap: strict, Count: 1,
			Reason: fmt.Sprintf("the same bytes as %.300q, which was read too: what its events do without an id of their own counts twice", path),
			Lift:   "leave one of the two out, unless two machines wrote them"}
		if strict {
			e.Gaps = append(slices.Clip(e.Gaps), note)
		} else {
			e.Notes = append(slices.Clip(e.Notes), note)
		}
	}
}
