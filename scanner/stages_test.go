package scanner

import (
	"testing"

	"tideline/scanner/finding"
)

func stageHit(request, stage, outcome string, offset int64) *finding.Hit {
	h := testHit(1, "audit.log", offset, "rule")
	h.Request, h.Stage, h.Outcome = request, stage, outcome
	return h
}

func joined(t *testing.T, hits ...*finding.Hit) []*finding.Hit {
	t.Helper()
	var out []*finding.Hit
	j := stageJoiner{emit: func(h *finding.Hit) error { out = append(out, h); return nil }}
	for _, h := range hits {
		if err := j.add(h); err != nil {
			t.Fatal(err)
		}
	}
	if err := j.flush(); err != nil {
		t.Fatal(err)
	}
	return out
}

func TestStagesOfOneRequestAreOneHitWithTheOutcome(t *testing.T) {
	created := stageHit("a", "ResponseComplete", "allowed", 30)
	created.Target.Name = "web-7c"
	out := joined(t, stageHit("a", "RequestReceived", "unknown", 10), stageHit("a", "ResponseStarted", "unknown", 20), created)
	if len(out) != 1 || out[0].Outcome != "allowed" || out[0].Source.Offset != 30 || out[0].Target.Name != "web-7c" {
		t.Fatalf("got %+v", out)
	}
}

func TestStagesJoinInAnyOrder(t *testing.T) {
	a, b := stageHit("a", "ResponseComplete", "denied", 30), stageHit("a", "RequestReceived", "unknown", 10)
	for _, order := range [][]*finding.Hit{{a, b}, {b, a}} {
		if out := joined(t, order...); len(out) != 1 || out[0].Outcome != "denied" {
			t.Errorf("got %+v", out)
		}
	}
	if a.Outcome != "denied" || b.Outcome != "unknown" || b.Source.Offset != 10 {
		t.Error("the hits of the partial were changed")
	}
}

func TestStagesOfDifferentRequestsRulesAndActorsStayApart(t *testing.T) {
	other := stageHit("a", "ResponseComplete", "allowed", 1)
	other.Rule = "another rule"
	forged := stageHit("a", "ResponseComplete", "allowed", 2)
	forged.Actor.ID = "k8s:mallory"
	out := joined(t, stageHit("a", "ResponseComplete", "allowed", 3), stageHit("b", "ResponseComplete", "allowed", 4), other, forged,
		stageHit("", "", "allowed", 5), stageHit("", "", "allowed", 6))
	if len(out) != 6 {
		t.Errorf("%d hits, want 6", len(out))
	}
}
