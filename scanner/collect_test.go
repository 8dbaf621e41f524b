package scanner

import (
	"testing"

	"tideline/parsers"
	"tideline/scanner/ledger"
)

// TestBytesThatAreNotAccountedForAreTold: a byte that was read twice, or not at all,
// is a defect that the report owns up to.
func TestBytesThatAreNotAccountedForAreTold(t *testing.T) {
	for name, test := range map[string]struct {
		bytes     parsers.Bytes
		delivered int64
		told      bool
	}{
		"all is well":       {parsers.Bytes{Read: 9, Events: 5, Notes: 3, Gaps: 1}, 9, false},
		"of no class":       {parsers.Bytes{Read: 9, Events: 5, Notes: 3}, 9, true},
		"read twice":        {parsers.Bytes{Read: 9, Events: 9}, 8, true},
		"delivered and not": {parsers.Bytes{Read: 9, Events: 9}, 10, true},
	} {
		var r ledger.Remarks
		check(&r, &parsers.Account{Bytes: test.bytes}, test.delivered)
		if told := len(r.List) == 1 && r.List[0].Code == "internal.identity" && r.List[0].Gap; told != test.told || len(r.List) > 1 {
			t.Errorf("%s: %+v", name, r.List)
		}
	}
}
