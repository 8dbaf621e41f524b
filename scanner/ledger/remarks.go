package ledger

import (
	"cmp"
	"slices"
	"strings"

	"tideline/parsers"
	"tideline/scanner/finding"
	"tideline/scanner/source"
)

// Remarks are the notes and gaps of one source, one for each code: a million
// bad lines make one remark, placed at the first of them.
type Remarks struct {
	List []parsers.Remark
}

// Add counts m. Of remarks of one code, the first in the source gives place and reason.
func (r *Remarks) Add(m parsers.Remark) {
	m.Count = max(m.Count, 1)
	for i := range r.List {
		have := &r.List[i]
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
	r.List = append(r.List, m)
}

// AddSource counts what was said of a source before its bytes were read.
func (r *Remarks) AddSource(list []source.Remark) {
	for _, m := range list {
		r.Add(parsers.Remark{Code: m.Code, Gap: m.Gap, Pos: parsers.Pos{Offset: m.Offset}, Bytes: m.Bytes, Reason: m.Reason, Lift: m.Lift})
	}
}

// Doubt makes a gap of the note that nothing was recognised in a source, if there is a
// reason why it should be more than what it looks like.
func (r *Remarks) Doubt(e *finding.Entry, why string) {
	if why == "" || e.Looks != "binary" && !strings.HasPrefix(e.Looks, "compressed") && !strings.HasPrefix(e.Looks, "archive") {
		return
	}
	for i := range r.List {
		if m := &r.List[i]; m.Code == "file.unrecognised" {
			m.Code, m.Gap, m.Reason, m.Lift = source.CodeUndecoded, true, why, "get an undamaged copy"
			e.Bytes.Notes -= m.Bytes
			e.Bytes.Gaps += m.Bytes
		}
	}
}

// Sort brings List into order of place and code.
func (r *Remarks) Sort() {
	slices.SortStableFunc(r.List, func(a, b parsers.Remark) int {
		return cmp.Or(cmp.Compare(a.Pos.Offset, b.Pos.Offset), strings.Compare(a.Code, b.Code))
	})
}

// Split parts notes from gaps, each in order of place and code, never nil. strict makes gaps
// of notes.
func (r *Remarks) Split(strict bool) (notes, gaps []parsers.Remark) {
	r.Sort()
	notes, gaps = []parsers.Remark{}, []parsers.Remark{}
	for _, m := range r.List {
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
