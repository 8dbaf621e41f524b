package scanner

import (
	"fmt"

	"tideline/parsers"
)

// maxOfList caps the groups and the addresses that are told of one act, and the
// values of one field that correlations look at. Whoever sends a request chooses
// most of its addresses (X-Forwarded-For), and of a forged record everything. Rules
// see all values, and the record has them.
const maxOfList = 256

// listsTooMuch reports whether an event has more groups or addresses.
func listsTooMuch(ev *parsers.Event) bool {
	return len(ev.Facts.Groups) > maxOfList || len(ev.Facts.Addresses) > maxOfList
}

// longList notes that of an event some of a list are not told.
func (s *sink) longList(ev *parsers.Event) {
	s.remarks.add(parsers.Remark{Code: "event.long_list", Pos: ev.Pos[ev.Decisive],
		Reason: fmt.Sprintf("an event with a list of more than %d groups, addresses or values: the first groups, and the last of the others, are told and correlated", maxOfList)})
}
