package scanner

import (
	"fmt"

	"tideline/parsers"
	"tideline/scanner/text"
)

// listsTooMuch reports whether an event has more groups or addresses.
func listsTooMuch(ev *parsers.Event) bool {
	return len(ev.Facts.Groups) > text.MaxList || len(ev.Facts.Addresses) > text.MaxList
}

// longList notes that of an event some of a list are not told.
func (s *sink) longList(ev *parsers.Event) {
	s.stream.remarks.add(parsers.Remark{Code: "event.long_list", Pos: ev.Pos[ev.Decisive],
		Reason: fmt.Sprintf("an event with a list of more than %d groups, addresses or values: the first groups, and the last of the others, are told and correlated", text.MaxList)})
}
