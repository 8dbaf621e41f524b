package scanner

import (
	"testing"

	"tideline/scanner/finding"
	"tideline/scanner/source"
)

// A file that may not be read is an input that nobody read, and no archive: it
// counts as such, and the closing summary names it.
func TestAFileThatCannotBeOpenedIsNoArchive(t *testing.T) {
	for _, c := range []struct {
		remarks []source.Remark
		looks   string
	}{
		{[]source.Remark{{Code: source.CodeDenied, Gap: true, Reason: "permission denied"}}, ""},
		{[]source.Remark{{Code: source.CodeMissing, Gap: true}}, ""},
		{[]source.Remark{{Code: source.CodeTruncated, Gap: true}}, finding.ArchiveLooks},
		{nil, finding.ArchiveLooks},
	} {
		out := NewPartial(0)
		w := &worker{collector: &collector{options: Options{Reader: lineReader{}}, out: &hitBuffer{partial: out}}}
		w.enter(&source.Member{Path: "x", Nesting: 0, Remarks: c.remarks})
		if len(out.Ledger) != 1 || out.Ledger[0].Looks != c.looks {
			t.Errorf("%v: entries %+v, want one that looks like %q", c.remarks, out.Ledger, c.looks)
		}
		if err := out.Close(); err != nil {
			t.Error(err)
		}
	}
}
