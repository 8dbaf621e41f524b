package report

import (
	"io"
	"strings"

	"tideline/scanner/finding"
)

// exposureColumns are those of the rotation list as a working list: what to do
// first, then what, who and how. "done" is empty, for the one who rotates.
var exposureColumns = []string{"advice", "certainty", "kind", "namespace", "name", "actors", "how", "first", "last", "count", "seen", "findings", "tried", "done"}

// ExposureCSV writes the rotation list to w as CSV, a credential a line.
func ExposureCSV(w io.Writer, o *finding.Overview, opts Options) error {
	masked := NewRedactor(opts).Overview(&finding.Overview{Exposure: o.Exposure})
	return PrintCSV(w, opts, exposureColumns, func(yield func([]string) bool) {
		for i := range masked.Exposure {
			e := &masked.Exposure[i]
			if !yield([]string{e.Advice, e.Certainty, e.Kind, e.Namespace, e.Name, strings.Join(e.Actors, "; "), strings.Join(e.How, "; "), e.First.String(),
				e.Last.String(), decimal(e.Count), strings.Join(e.Seen, "; "), strings.Join(e.Findings, "; "), strings.Join(e.Tried, "; "), ""}) {
				return
			}
		}
	})
}
