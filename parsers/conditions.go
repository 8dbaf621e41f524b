package parsers

import "time"

// Conditions are what the rules at hand ask of the events of one format. A
// Decoder may use them to tell which events are alike, and so need not be made
// again. They belong to the goroutine of the Decoder.
type Conditions interface {
	// Asked reports whether any condition looks at a field, an index into
	// Options.Fields, of any kind of view.
	Asked(field int) bool
	// Keywords reports whether any rule searches for keywords.
	Keywords() bool
	// Inert reports that no condition on the field holds for the value, and
	// none tells whether the field is there: another such value may stand in
	// its place, and no rule could tell.
	Inert(field int, value []byte) bool
	// Again counts one more event that is a twin (Event.Twin) of one that was
	// emitted, at another time. It reports false if the event has to be
	// emitted, because the other one matched a rule or is forgotten.
	Again(twin uint32, at time.Time) bool
}

// A Judge is a Sink that knows the conditions of its rules.
type Judge interface {
	// Conditions are those for events of f; nil if it will not tell. Numbers
	// of twins are those of one Decoder: they are forgotten by the call.
	Conditions(f *Format) Conditions
}
