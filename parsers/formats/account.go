package formats

import (
	"cmp"
	"slices"
	"unique"

	"tideline/parsers"
)

// An account is what became of the bytes of one lane.
type account struct {
	read, records, events int64
	bytes                 parsers.Bytes // without Read
	recognised            []int64       // records, by format
	envelope              string        // of the first record that had one
	envelopeAt            parsers.Pos   // of that record
	unwrapped             int64         // records taken out of envelopes
	remarks               map[remarkKey]*remark
	refusals              []refusal // by format
	unread                unread
}

// An author is who a remark comes from. What framing says, and records that no
// format took, are evidence lost only in a stream that holds evidence.
type author uint8

const (
	ofFraming author = iota
	ofUnclaimed
	ofDecoder
)

type remarkKey struct {
	code string
	gap  bool
	by   author
}

type remark struct {
	parsers.Remark
	by author
}

// A refusal is why a format did not take the first record, and from how many
// envelopes that had been taken out when it was asked.
type refusal struct {
	why   string
	depth int
}

func (a *account) init(formats int) {
	a.recognised = make([]int64, formats)
	a.refusals = make([]refusal, formats)
	a.remarks = make(map[remarkKey]*remark)
}

// remark adds r to those of its code, and its bytes to the account.
func (a *account) remark(r parsers.Remark, by author) {
	if r.Gap {
		a.bytes.Gaps += r.Bytes
	} else {
		a.bytes.Notes += r.Bytes
	}
	r.Count = max(r.Count, 1)
	if r.Gap && r.Lift == "" {
		r.Lift = cmp.Or(lifts[r.Code], "an undamaged copy; what is there can be read at the place given")
	}
	key := remarkKey{r.Code, r.Gap, by}
	if old := a.remarks[key]; old != nil {
		old.add(r)
		return
	}
	a.remarks[key] = &remark{Remark: r, by: by}
}

// lifts says what would make readable what a gap of that code stands for,
// where those who found it did not.
var lifts = map[string]string{
	"line.oversize":        "a higher --max-record",
	"json.too_large":       "a higher --max-record",
	"json.depth":           "reading the record by hand: it is nested deeper than any producer writes",
	"json.nesting":         "reading the record by hand: it is nested deeper than any producer writes",
	"json.values":          "reading the record by hand: it has more values than any producer writes",
	"logrus.too_many_keys": "reading the line by hand: it has more keys than any producer writes",
	"audit.bad_header":     "reading the line by hand; ausearch --raw on the machine writes records anew",
}

// add joins another remark of the same code: the first in the stream gives
// place and reason.
func (m *remark) add(r parsers.Remark) {
	bytes, count := m.Bytes+r.Bytes, m.Count+r.Count
	if before(r, m.Remark) {
		m.Remark = r
	}
	m.Bytes, m.Count = bytes, count
}

func before(a, b parsers.Remark) bool {
	return cmp.Or(cmp.Compare(a.Pos.Offset, b.Pos.Offset), cmp.Compare(a.Reason, b.Reason)) < 0
}

// refusal notes what a format said of the first record, taken out of as many
// envelopes as could be.
func (a *account) refusal(format, depth int, v parsers.Verdict) {
	a.refusals[format].note(depth, v)
}

func (r *refusal) note(depth int, v parsers.Verdict) {
	if r.why == "" || depth > r.depth {
		*r = refusal{v.Why, depth}
	}
}

// maxExplained is how many bytes of a reason tell why formats refused.
const maxExplained = 800

// explained adds to a reason why each format refused. Streams are refused for
// the same reasons over and over, so equal texts share their memory.
func explained(reason string, formats []*parsers.Format, refusals []refusal) string {
	most := len(reason) + maxExplained
	for i, f := range formats {
		if why := refusals[i].why; why != "" && len(reason)+len(f.Name)+len(why) < most {
			reason += "; " + f.Name + ": " + why
		}
	}
	return unique.Make(reason).Value()
}

// merge adds the account of another lane.
func (a *account) merge(b *account) {
	a.read += b.read
	a.records += b.records
	a.events += b.events
	a.bytes.Events += b.bytes.Events
	for i, n := range b.recognised {
		a.recognised[i] += n
	}
	a.unwrapped += b.unwrapped
	if b.envelope != "" && (a.envelope == "" || b.envelopeAt.Offset < a.envelopeAt.Offset) {
		a.envelope, a.envelopeAt = b.envelope, b.envelopeAt
	}
	for _, m := range b.remarks {
		a.remark(m.Remark, m.by)
	}
}

// ownReport notes that the stream is a report of tideline of that kind, unless kind
// is empty.
func (a *account) ownReport(kind string) {
	if kind == "" {
		return
	}
	a.remark(parsers.Remark{Code: "file.report", Pos: parsers.Pos{Line: 1},
		Reason: "a report of tideline (" + kind + "): the records that it quotes count again, beside their log", Lift: "keep reports out of what is scanned"}, ofDecoder)
}

// settle closes the accounts of a stream and hands the remarks to the sink of
// the first lane, in the order of their place.
func settle(formats []*parsers.Format, lanes []*lane, looks string) parsers.Account {
	a := &lanes[0].account
	for _, l := range lanes[1:] {
		a.merge(&l.account)
	}
	a.stacks(formats)
	out := parsers.Account{Envelope: a.envelope, Records: a.records, Events: a.events}
	most := int64(0)
	for i, n := range a.recognised {
		out.Recognised += n
		if n > most {
			out.Format, most = formats[i].Name, n
		}
	}
	if out.Recognised == 0 {
		out.Looks = looks
		a.unrecognised(explained("no record of a known format; it looks like "+looks, formats, a.refusals), looks)
	}
	if a.unwrapped > 0 {
		a.remark(parsers.Remark{
			Code: "env.unwrapped", Pos: a.envelopeAt, Count: a.unwrapped, Reason: "records were taken out of their envelopes, the first out of " + a.envelope,
		}, ofDecoder)
	}
	out.Bytes = a.bytes
	out.Bytes.Read = a.read
	for _, r := range a.sorted() {
		lanes[0].sink.Remark(r)
	}
	return out
}

// unrecognised turns what was said of a stream of no known format into one
// note, and a gap if there is evidence in it. What a format said of a record that it
// knew for its own stands.
func (a *account) unrecognised(reason, looks string) {
	note := parsers.Remark{Code: "file.unrecognised", Reason: reason, Pos: parsers.Pos{Line: 1}}
	for key, m := range a.remarks {
		if m.by == ofDecoder {
			continue
		}
		note.Bytes += m.Bytes
		if m.Gap {
			a.bytes.Gaps -= m.Bytes
		} else {
			a.bytes.Notes -= m.Bytes
		}
		delete(a.remarks, key)
	}
	note.Pos.Length = note.Bytes
	if gap := a.unread.gap(looks); gap.Count > 0 {
		note.Bytes -= gap.Bytes
		a.remark(gap, ofDecoder)
	}
	a.remark(note, ofFraming)
}

// sorted returns the remarks in the order of the stream.
func (a *account) sorted() []parsers.Remark {
	var out []parsers.Remark
	for _, m := range a.remarks {
		out = append(out, m.Remark)
	}
	slices.SortFunc(out, func(a, b parsers.Remark) int {
		gap := 0
		if a.Gap != b.Gap {
			gap = 1
			if b.Gap {
				gap = -1
			}
		}
		return cmp.Or(cmp.Compare(a.Pos.Offset, b.Pos.Offset), cmp.Compare(a.Code, b.Code), gap, cmp.Compare(a.Reason, b.Reason))
	})
	return out
}
