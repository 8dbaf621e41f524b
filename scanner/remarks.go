package scanner

import (
	"cmp"
	"slices"
	"strings"

	"tideline/parsers"
	"tideline/scanner/finding"
	"tideline/scanner/source"
)

// remarks are the notes and gaps of one source, one for each code: a million
// bad lines make one remark, placed at the first of them.
type remarks struct {
	list []parsers.Remark
}

// add counts m. Of remarks of one code, the first in the source gives place and reason.
func (r *remarks) add(m parsers.Remark) {
	m.Count = max(m.Count, 1)
	for i := range r.list {
		have := &r.list[i]
		if have.Code != m.Code || have.Gap != m.Gap {
			continue
		}
		m.Count += have.Count
		m.Bytes += have.Bytes
		if have.Pos.Offset <= m.Pos.Offset {
			m.Pos, m.Reason, m.Lift = have.Pos, have.Reason, have.Lift
		}
		*have = m
		return
	}
	r.list = append(r.list, m)
}

func (r *remarks) addSource(list []source.Remark) {
	for _, m := range list {
		r.add(parsers.Remark{Code: m.Code, Gap: m.Gap, Pos: parsers.Pos{Offset: m.Offset}, Bytes: m.Bytes, Reason: m.Reason, Lift: m.Lift})
	}
}

// doubt makes a gap of the note that nothing was recognised in a source, if there is a
// reason why it should be more than what it looks like.
func (r *remarks) doubt(e *finding.Entry, why string) {
	if why == "" || e.Looks != "binary" && !strings.HasPrefix(e.Looks, "compressed") && !strings.HasPrefix(e.Looks, "archive") {
		return
	}
	for i := range r.list {
		if m := &r.list[i]; m.Code == "file.unrecognised" {
			m.Code, m.Gap, m.Reason, m.Lift = source.CodeUndecoded, true, why, "get an undamaged copy"
			e.Bytes.Notes -= m.Bytes
			e.Bytes.Gaps += m.Bytes
		}
	}
}

func (r *remarks) sort() {
	slices.SortStableFunc(r.list, func(a, b parsers.Remark) int {
		return cmp.Or(cmp.Compare(a.Pos.Offset, b.Pos.Offset), strings.Compare(a.Code, b.Code))
	})
}

// split parts notes from gaps, each in order of place and code.
func (r *remarks) split(strict bool) (notes, gaps []parsers.Remark) {
	r.sort()
	notes, gaps = []parsers.Remark{}, []parsers.Remark{}
	for _, m := range r.list {
		if !m.Gap && strict {
			m.Gap, m.Lift = true, cmp.Or(m.Lift, "without --strict it is a note")
		}
		if m.Gap {
			gaps = append(gaps, m)
		} else {
			notes = append(notes, m)
		}
	}
	return notes, gaps
}
