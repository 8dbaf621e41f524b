package scanner

import (
	"testing"

	"tideline/scanner/finding"
)

// An act whose circumstances make it low must not take another with it: a
// runner of jobs starts Docker in Docker all day, and once something else that
// is privileged, with a name that the server makes.
func TestActsInOtherCircumstancesAreTwoFindings(t *testing.T) {
	hit := func(adjust ...int) *finding.Hit {
		return &finding.Hit{Rule: "privileged", Actor: finding.ActorRef{ID: "k8s:runner", Agent: "runner/1.0"}, Action: "create",
			Target: finding.Target{Kind: "pods", Namespace: "ci"}, Outcome: "allowed", Adjust: adjust}
	}
	low, own := foldID(hit(0), ""), foldID(hit(), "")
	if low == own || low == foldID(hit(1), "") || foldID(hit(0, 1), "") == foldID(hit(0), "") {
		t.Error("acts of different scores are one finding")
	}
	if low != foldID(hit(0), "") {
		t.Error("equal acts are two findings")
	}
}
