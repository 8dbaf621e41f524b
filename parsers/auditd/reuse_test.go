package auditd

import (
	"strings"
	"testing"

	"tideline/parsers"
	"tideline/parsers/parsertest"
)

// TestAnotherStreamKnowsNothingOfTheProcessesOfTheOneBefore: its process 20 is no child
// of a container's runtime, and nobody knows who started it.
func TestAnotherStreamKnowsNothingOfTheProcessesOfTheOneBefore(t *testing.T) {
	before := started(1, 1, 10, "/usr/bin/containerd-shim-runc-v2", "containerd-shim-runc-v2") + "\n" + started(2, 10, 20, "/bin/sh", "sh") + "\n"
	parsertest.Reused(t, Format, before, started(3, 20, 30, "/bin/cat", "cat")+"\n", "ParentImage", "in_container")
}

// TestAStreamOfMuchThatIsLearnedIsNotGoneOnFrom: where little more may be remembered,
// the next stream had better begin anew.
func TestAStreamOfMuchThatIsLearnedIsNotGoneOnFrom(t *testing.T) {
	d := newDecoder(optionsFor("Image")).(*decoder)
	if !d.Reuse() {
		t.Error("a new decoder cannot be used")
	}
	if d.stencils.met.budget = sightBudget/2 - 1; d.Reuse() {
		t.Error("one that has no room left is used again")
	}
	if newDecoder(optionsFor("pid")).(*decoder).Reuse() {
		t.Error("one that knows nothing of records is kept")
	}
}

// TestARoomIsLeftEmpty: the decoder that takes over where another one worked knows
// nothing of its stream, and holds nothing of what that one had learned.
func TestARoomIsLeftEmpty(t *testing.T) {
	var before strings.Builder
	for i := range 40 {
		before.WriteString(started(i, 1, 10+i, "/usr/bin/containerd-shim-runc-v2", "containerd-shim-runc-v2") + "\n")
	}
	text := started(50, 20, 30, "/bin/cat", "cat") + "\n"
	fields := []string{"ParentImage", "in_container", "cmdline"}

	d := newDecoder(optionsFor(fields...)).(*decoder)
	left := d.room
	first, next := *Format, *Format
	first.NewDecoder = func(parsers.Options) parsers.Decoder { return d }
	next.NewDecoder = func(o parsers.Options) parsers.Decoder {
		d := newDecoder(o).(*decoder)
		d.room = left
		return d
	}
	parsertest.Lines(t, &first, before.String(), fields...)
	if d.stencils.met.budget = 0; d.Reuse() || d.room != nil {
		t.Fatal("the decoder has not left")
	}
	for _, g := range left.window.spare {
		for _, r := range g.recs[:cap(g.recs)] {
			if r.stencil != nil || r.shape != nil {
				t.Fatal("a record of the stream before is held")
			}
		}
	}
	if len(left.window.spare) == 0 {
		t.Error("no event was ever open: nothing is shown")
	}
	got, _ := parsertest.Lines(t, &next, text, fields...)
	want, _ := parsertest.Lines(t, Format, text, fields...)
	parsertest.Same(t, got, want)
}
