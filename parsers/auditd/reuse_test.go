package auditd

import (
	"testing"

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
