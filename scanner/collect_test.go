package scanner

import (
	"testing"

	"tideline/parsers"
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
		var r remarks
		check(&r, &parsers.Account{Bytes: test.bytes}, test.delivered)
		if told := len(r.list) == 1 && r.list[0].Code == "internal.identity" && r.list[0].Gap; told != test.told || len(r.list) > 1 {
			t.Errorf("%s: %+v", name, r.list)
		}
	}
}
