package envelope

import "tideline/parsers"

// MaxDepth is how many envelopes may lie within one another: Splunk around
// CloudWatch around an event is three.
const MaxDepth = 4

// An Envelope is one way in which records are wrapped. It is immutable and may
// be used by many goroutines.
type Envelope struct {
	Name string // stable: appears in reports
	JSON bool   // what it opens begins with a bracket; else it is a line of text

	// Open calls emit for every record that rec wraps, in order, and reports
	// true; or it reports false, without having called emit, if rec is not
	// wrapped like this. The record that emit is given has the Raw and Pos of
	// rec and its Origin, to which Open adds; it is borrowed until emit
	// returns. The error is that of emit.
	//
	// That rec can be opened does not mean that it should be: a line of a
	// container's output is an envelope if an audit event is within, and a
	// record of its own if not. Who calls Open finds out.
	Open func(rec *parsers.Record, emit func(*parsers.Record) error) (bool, error)
}

// All returns the envelopes in the order in which they are tried: the special
// ones before those that would take anything.
func All() []Envelope {
	return []Envelope{}
}

