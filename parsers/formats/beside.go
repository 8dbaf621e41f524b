package formats

import (
	"bytes"

	"tideline/parsers"
	"tideline/parsers/envelope"
)

// record finds who takes rec, at the depth in hand, and reports whether someone did. Of
// objects that stand side by side, as in a line with something before them, everybody
// would take the first and few would miss the others; so each is a record of its own.
func (l *lane) record(rec *parsers.Record) (bool, error) {
	rest := rec.Data
	first := envelope.First(rest)
	if len(first) == len(rest) {
		return l.known(rec)
	}
	taken, foreign := false, int64(0)
	for len(rest) > 0 {
		one := *rec
		one.Data = first
		is, err := l.known(&one)
		if err != nil {
			return false, err
		}
		if taken = taken || is; !is {
			foreign++
		}
		rest = bytes.TrimLeft(rest[len(first):], " \t\r\n,")
		first = envelope.First(rest)
	}
	if taken && foreign > 0 {
		l.account.remark(parsers.Remark{Code: "env.unknown_part", Gap: true, Pos: rec.Pos, Count: foreign,
			Reason: "an object that no format recognises, beside others of its line that were understood"}, ofDecoder)
	}
	return taken, nil
}

// known is record of what is not more than one object. Behind a record that nobody
// took, kinds of which one was looked into before are not looked into again: whoever
// takes a line for what stands before it took that.
func (l *lane) known(rec *parsers.Record) (bool, error) {
	if l.hand.depth > 0 || !l.unclaimed || l.hints[0].output || l.stream.prefix != nil || l.curious {
		return l.claim(rec)
	}
	kind := l.foreign.kindOf(rec)
	if l.foreign.has(kind, rec.Data) {
		return false, nil
	}
	taken, err := l.claim(rec)
	if !taken && err == nil && kind != 0 && plausible(rec.Data) {
		l.foreign.add(kind, rec.Data)
	}
	return taken, err
}
