package formats

import (
	"bytes"

	"tideline/parsers"
)

// open takes rec out of an envelope and finds who takes what is inside. It
// reports true if at least one record inside was taken; the others, if any,
// are then remarked on. If it reports false, sole says whether rec is in no other.
func (l *lane) open(env int, rec *parsers.Record) (bool, error) {
	outer := l.hand.opened
	l.hand.opened = opened{}
	wasOutput := l.hand.output
	l.hand.output = wasOutput || l.envelopes[env].Output
	around := l.hand.around
	l.hand.around = rec.Origin.Container
	rec.Room = &l.rooms[l.hand.depth]
	l.hand.depth++
	is, err := l.envelopes[env].Open(rec, l.emit)
	l.hand.depth--
	rec.Room = nil
	l.hand.around = around
	l.hand.output = wasOutput
	in := l.hand.opened
	l.hand.opened = outer
	switch {
	case err != nil:
		return false, err
	case !is || (in.taken == 0 && in.foreign > 0):
		l.hand.sole = is && l.envelopes[env].Sole
		return false, nil
	}
	l.hints[l.hand.depth] = hint{envelope: env + 1}
	if l.envelopes[env].Any {
		l.hints[l.hand.depth].key = firstKey(rec.Data)
	}
	if in.foreign > 0 {
		l.account.remark(parsers.Remark{
			Code: "env.unknown_part", Gap: true, Pos: rec.Pos, Count: in.foreign,
			Reason: "a record inside an envelope that no format recognises, beside others that were understood",
		}, ofDecoder)
	}
	return true, nil
}

// opened counts the records inside an envelope.
type opened struct {
	taken, foreign int64
}

// innerRecord is what envelopes are given as emit.
func (l *lane) innerRecord(rec *parsers.Record) error {
	taken, err := l.record(rec)
	if err != nil {
		return err
	}
	if taken {
		l.hand.opened.taken++
	} else {
		l.hand.opened.foreign++
	}
	return nil
}

// A key is how an object begins: its bracket and its first key, as far as there is
// room. Zero is that of no object.
type key [24]byte

func firstKey(data []byte) (k key) {
	if i := bytes.IndexByte(data[:min(len(data), len(k))], ':'); i >= 0 {
		data = data[:i]
	}
	copy(k[:], data)
	return k
}
